variable "task" {
  type = strng
}
