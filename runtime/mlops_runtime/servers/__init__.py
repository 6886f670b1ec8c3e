"""Starts servers that need some preparation on the process host."""
