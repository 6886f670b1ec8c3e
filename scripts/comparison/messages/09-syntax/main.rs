fn main() {
    let features = [1, 2;
}
