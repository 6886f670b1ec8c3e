"""A decision tree over places and debts."""

from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier

CATEGORIES = ["places__city", "places__state", "places__location_type"]


def fit(X, y):
    encoder = make_column_transformer((OrdinalEncoder(), CATEGORIES), remainder="passthrough")
    X["places__wage"] = X["places__total_wages"] / X["places__population"]
    return make_pipeline(encoder, DecisionTreeClassifier(max_depth=5)).fit(X, y)
