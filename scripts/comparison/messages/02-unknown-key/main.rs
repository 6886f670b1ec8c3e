struct View {
    ttl: u32,
}

fn main() {
    let view = View { tttl: 7 };
}
