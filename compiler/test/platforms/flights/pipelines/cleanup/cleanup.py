def forget(days: int):
    """Removes what is older."""
