variable "ttl" {
  defualt = 7
}
