struct View {
    ttl: u32,
    entity: String,
}

fn main() {
    let view = View { ttl: 7 };
}
