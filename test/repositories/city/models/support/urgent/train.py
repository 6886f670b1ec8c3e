"""Whether a ticket is urgent, by logistic regression: support wants to know why."""

import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# A feature's column is called by its view, too.
PLAN = "customer_history__plan"


def fit(X: pd.DataFrame, y: pd.Series) -> Pipeline:
    """A first ticket has no history: its plan is a class of its own, its counts and last judgement are 0."""
    numbers = make_pipeline(SimpleImputer(strategy="constant", fill_value=0.0), StandardScaler())
    plan = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="unknown", missing_values=None),
        OneHotEncoder(handle_unknown="ignore"),
    )
    columns = make_column_transformer(
        (plan, [PLAN]), (numbers, make_column_selector(pattern=f"^(?!{PLAN}$)"))
    )
    return make_pipeline(columns, LogisticRegression()).fit(X, y)
