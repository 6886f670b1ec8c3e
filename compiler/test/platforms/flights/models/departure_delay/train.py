def fit(X, y, max_iter: int = 100, learning_rate: float = 0.1):
    """Fits boosted trees; a flight without a gate is as good as any."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    numeric = X.select_dtypes("number")
    return HistGradientBoostingRegressor(max_iter=max_iter, learning_rate=learning_rate).fit(numeric, y)
