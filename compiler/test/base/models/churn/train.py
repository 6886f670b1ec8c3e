def fit(X, y, depth: int = 3):
    """Fits a tree."""
