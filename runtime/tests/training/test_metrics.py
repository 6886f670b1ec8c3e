from __future__ import annotations

import math

import numpy as np
import pytest

from mlops_runtime.training.metrics import baseline, measure


def test_regression_is_measured_by_rmse_mae_and_r2() -> None:
    measured = measure("regression", np.array([0.0, 2.0]), np.array([0.0, 4.0]))
    assert measured == {"rmse": pytest.approx(math.sqrt(2)), "mae": 1.0, "r2": -1.0}


def test_classification_is_measured_on_the_probability_of_the_positive_class() -> None:
    measured = measure("classification", np.array([0.0, 1.0, 1.0]), np.array([0.1, 0.9, 0.4]))
    assert measured["roc_auc"] == 1.0
    assert measured["accuracy"] == pytest.approx(2 / 3)
    assert measured["f1"] == pytest.approx(2 / 3)
    assert measured["log_loss"] == pytest.approx(-(2 * math.log(0.9) + math.log(0.4)) / 3)


@pytest.mark.parametrize("predicted", [[1.0, float("nan")], [1.0, float("inf")]])
def test_a_prediction_that_is_no_finite_number_makes_every_metric_nan(predicted: list[float]) -> None:
    measured = measure("regression", np.array([1.0, 2.0]), np.array(predicted))
    assert all(math.isnan(value) for value in measured.values())


@pytest.mark.parametrize(
    ("metric", "constant"),
    [("rmse", 3.0), ("r2", 3.0), ("mae", 1.0), ("log_loss", 3.0), ("f1", 1.0)],
)
def test_the_baseline_is_the_constant_that_is_best_under_the_metric(metric: str, constant: float) -> None:
    assert baseline(metric, np.array([0.0, 1.0, 8.0])) == constant
