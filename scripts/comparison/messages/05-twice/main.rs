struct View {
    ttl: u32,
    ttl: u32,
}

fn main() {}
