variable "region" {
  default = "eu"
}

output "where" {
  value = var.regin
}
