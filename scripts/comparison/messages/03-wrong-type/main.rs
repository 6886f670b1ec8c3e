fn keep(days: u32) -> u32 {
    days
}

fn main() {
    keep("seven");
}
