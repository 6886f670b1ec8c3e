"""How everybody here reaches the servers that hold data."""
