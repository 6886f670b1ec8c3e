"""Drift of inputs and predictions, and performance once labels are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from trips.fixtures import run
from trips.monitored import MONITORED, NOW, predictions

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring import models
from mlops_runtime.monitoring.references import Reference, References
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, MISSING, PREDICTION, VERSION
from mlops_runtime.predictions.reader import PredictionReader
from mlops_runtime.scoring.score import score

REFERENCE = Reference(
    "1",
    pd.DataFrame({"distance": np.arange(5000) % 50, "season": np.arange(5000.0)}),
    pd.Series([1.0] * 5000),
    {},
)


def measured(made: pd.DataFrame) -> dict[str, float]:
    return {
        "/".join([name, *labels]): value for name, labels, value in models.drifts(MONITORED, REFERENCE, made)
    }


def test_inputs_and_predictions_are_compared_but_for_what_the_spec_leaves_out() -> None:
    found = measured(predictions(1000))
    assert found["mlops_drift_samples"] == 1000
    assert found["mlops_input_drift_psi/distance"] < 0.05
    assert found["mlops_prediction_drift_psi"] == pytest.approx(0)
    assert not any("season" in name for name in found)


def test_the_share_of_predictions_without_a_feature_is_measured_where_the_log_says_it() -> None:
    made = predictions(4).assign(**{MISSING: [["season"], [], ["season"], None]})  # None: a line of before
    assert models.missing(MONITORED, made) == [
        ("mlops_input_missing_ratio", ("season",), pytest.approx(2 / 3))
    ]
    assert models.missing(MONITORED, made[3:]) == []


@pytest.mark.parametrize("made", [predictions(99), predictions(1000, hours=4)])
def test_too_few_predictions_or_a_window_that_is_mostly_empty_are_not_compared(made: pd.DataFrame) -> None:
    assert set(measured(made)) == {"mlops_drift_samples"}


def test_a_label_joins_by_its_stated_time_or_is_the_next_of_its_keys() -> None:
    made = predictions(3)
    made[AT] = pd.to_datetime([NOW] * 3, utc=True)
    made.loc[0, LABEL_TIMESTAMP] = NOW + timedelta(hours=9)
    made.loc[2, "driver"] = "bob"
    times = [NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW + timedelta(hours=9)]
    labels = pd.DataFrame(
        {"driver": "ann", "shop": "north", "scheduled_at": times, models.LABEL: [1.0, 2.0, 3.0]}
    )
    labels["scheduled_at"] = pd.to_datetime(labels["scheduled_at"], utc=True)
    far = pd.DataFrame(
        [{"driver": "bob", "shop": "north", "scheduled_at": NOW + timedelta(days=3), models.LABEL: 9.0}]
    )
    joined = models.labelled(MONITORED, made, pd.concat([labels, far], ignore_index=True))
    assert sorted(joined[models.LABEL]) == [2.0, 3.0]


def test_performance_is_measured_once_enough_labels_have_come() -> None:
    rows = pd.DataFrame({PREDICTION: [1.0, 2.0, 3.0], models.LABEL: [1.0, 2.0, 6.0]})
    found = {labels[0]: value for name, labels, value in models.performance(MONITORED, rows) if labels}
    assert found["rmse"] == pytest.approx(3**0.5)
    assert models.performance(MONITORED, rows[:1]) == [("mlops_model_performance_samples", (), 1.0)]


def test_scored_rows_and_the_champion_s_own_rows_meet(trips: Workspace) -> None:
    version = run(trips)["model_version"]
    score(trips, "trip_delay")
    tracking.connect(trips)
    reference = References(trips).of(MONITORED)
    made = PredictionReader(trips, MONITORED).since(
        datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    )
    assert reference is not None and reference.version == version
    assert reference.predictions is not None and len(reference.predictions) > 30
    assert {"rmse", "mae", "r2"} == set(reference.baseline)
    assert len(made) == 24 and set(made[VERSION]) == {version}
    assert {name for names in made[MISSING] for name in names} == {"driver_state__last_delay"}
    assert set(reference.inputs) >= {"distance", "shop_load__orders"} <= set(made)
