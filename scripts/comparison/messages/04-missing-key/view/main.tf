variable "entity" {
  type = string
}
