"""The team's own code: its functions, and the Python that they run under."""
