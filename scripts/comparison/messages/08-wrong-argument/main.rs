fn count(hours: u32) -> u32 {
    hours
}

fn main() {
    count(24, 7);
}
