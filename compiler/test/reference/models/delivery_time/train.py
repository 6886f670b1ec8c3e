def fit(X, y, max_iter):
    return X, y, max_iter
