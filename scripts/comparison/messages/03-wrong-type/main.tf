variable "days" {
  type    = number
  default = "seven"
}
