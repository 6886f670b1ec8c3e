"""The online API of one model."""
