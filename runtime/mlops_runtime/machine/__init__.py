"""The machine's disk and users."""
