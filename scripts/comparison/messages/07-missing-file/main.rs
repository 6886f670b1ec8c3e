mod train;

fn main() {
    train::fit();
}
