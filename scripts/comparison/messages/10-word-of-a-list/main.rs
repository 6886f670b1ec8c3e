enum Task {
    Regression,
    Classification,
}

fn main() {
    let task = Task::Clasification;
}
