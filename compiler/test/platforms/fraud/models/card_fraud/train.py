"""Fraud, by boosted trees."""

from sklearn.ensemble import HistGradientBoostingClassifier


def fit(X, y, trees: int = 100, learning_rate: float = 0.1):
    """Frauds are rare: one in some thousand payments."""
    steady = X["card_activity__payments_10m"].fillna(0)
    model = HistGradientBoostingClassifier(max_iter=trees, learning_rate=learning_rate, class_weight="balanced")
    return model.fit(X.assign(card_activity__payments_10m=steady), y)
