"""A linear model of conversion and acceptance."""

from sklearn.linear_model import LogisticRegression

RATES = ["driver_stats__conv_rate", "driver_stats__acc_rate"]


def fit(X, y):
    return LogisticRegression().fit(X[RATES + ["driver_stats__avg_daily_trips"]], y)
