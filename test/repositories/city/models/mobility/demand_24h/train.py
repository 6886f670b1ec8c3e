"""Rentals of an hour, a day ahead: a regression on the time of the day, smooth over midnight."""

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklego.preprocessing import RepeatingBasisFunction

HOURS, DAYS = 12, 7


def fit(X: pd.DataFrame, y: pd.Series, max_iter: int) -> Pipeline:
    """The clock as bumps that repeat each day and week; the rest as it is, gaps filled with the median."""
    rest = [name for name in X if name not in ("hour", "weekday")]
    clock = make_column_transformer(
        (RepeatingBasisFunction(column="hour", n_periods=HOURS, input_range=(0, 24), width=1.0), ["hour"]),
        (
            RepeatingBasisFunction(column="weekday", n_periods=DAYS, input_range=(1, 8), width=1.0),
            ["weekday"],
        ),
        (SimpleImputer(strategy="median"), rest),
    )
    trees = HistGradientBoostingRegressor(
        loss="poisson", max_iter=max_iter, early_stopping=False, random_state=0
    )
    return make_pipeline(clock, trees).fit(X, y)
