module "train" {
  source = "./train"
}
