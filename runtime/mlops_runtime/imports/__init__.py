"""What must be imported before a library that decides something when it is imported itself."""
