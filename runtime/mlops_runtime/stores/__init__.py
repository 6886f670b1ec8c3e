"""Connections to the servers that hold data."""
