"""A made-up team for tests: deliveries of two shops, and a model of how late they are."""
