module "view" {
  source = "./view"
}
