"""Log lines, and the index that holds them."""
