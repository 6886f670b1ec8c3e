output "count" {
  value = length([1], [2])
}
