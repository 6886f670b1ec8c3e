"""What Prometheus scrapes: families of metrics, and a server for processes that have no other."""
