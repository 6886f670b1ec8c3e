"""Log lines of the services."""
