"""Metrics of predictions, and the naive baseline that a model must beat.

For classification a prediction is the probability of the positive class (label 1 or true);
accuracy and f1 take 0.5 as the threshold.
"""

from __future__ import annotations

import numpy as np
from sklearn import metrics as sk

from mlops_runtime.training.inputs import Floats

METRICS = {
    "regression": ("rmse", "mae", "r2"),
    "classification": ("log_loss", "roc_auc", "accuracy", "f1"),
}


def measure(task: str, actual: Floats, predicted: Floats) -> dict[str, float]:
    """All metrics of the task, from a number per row each. All are NaN if a prediction is not finite."""
    if len(actual) == 0 or not np.isfinite(predicted).all():
        return dict.fromkeys(METRICS[task], float("nan"))
    return _regression(actual, predicted) if task == "regression" else _classification(actual, predicted)


def _regression(actual: Floats, predicted: Floats) -> dict[str, float]:
    return {
        "rmse": float(sk.root_mean_squared_error(actual, predicted)),
        "mae": float(sk.mean_absolute_error(actual, predicted)),
        "r2": float(sk.r2_score(actual, predicted)),
    }


def _classification(actual: Floats, probability: Floats) -> dict[str, float]:
    classes = actual.astype(np.int64)
    decided = (probability >= 0.5).astype(np.int64)
    return {
        "log_loss": float(sk.log_loss(classes, probability, labels=[0, 1])),
        "roc_auc": float(sk.roc_auc_score(classes, probability)),
        "accuracy": float(sk.accuracy_score(classes, decided)),
        "f1": float(sk.f1_score(classes, decided, zero_division=0.0)),
    }


def baseline(metric: str, labels: Floats) -> float:
    """The constant prediction that is best under `metric` for the training labels."""
    match metric:
        case "mae":
            return float(np.median(labels))
        case "f1":
            return 1.0  # always positive: any constant below the threshold has an f1 of 0
        case _:
            return float(np.mean(labels))  # for classes, the share of the positive one
