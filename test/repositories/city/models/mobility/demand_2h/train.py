"""Rentals of an hour, two hours ahead, by gradient-boosted trees."""

import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor


def fit(X: pd.DataFrame, y: pd.Series, max_iter: int) -> HistGradientBoostingRegressor:
    """Rentals are counts, hence Poisson's loss. Trees take missing features as they are."""
    return HistGradientBoostingRegressor(
        loss="poisson", max_iter=max_iter, early_stopping=False, random_state=0
    ).fit(X, y)
