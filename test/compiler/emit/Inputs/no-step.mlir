module attributes {rt.arena = 0 : i64} {
}
