locals {
  features = [1, 2
}
