variable "ttl" {
  default = 7
}

variable "ttl" {
  default = 8
}
