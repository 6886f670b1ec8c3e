def fit(X, y, weights: dict, columns: list, note: str = ""):
    """Fits a logistic regression, in which a cancelled flight weighs more."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(class_weight={int(label): weight for label, weight in weights.items()}).fit(
        X.select_dtypes("number"), y
    )
