fn main() {
    let mean_stay = 3.5;
    println!("{}", mean_sty);
}
