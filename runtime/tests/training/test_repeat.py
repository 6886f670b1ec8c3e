from __future__ import annotations

import pytest
from trips import trip_delay
from trips.fixtures import run, tags

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.training.repeat import repeat


def test_a_recorded_training_gives_the_same_metrics_on_its_own_data(trips: Workspace) -> None:
    first = run(trips)["mlflow_run_id"]
    warehouse.publish(trips, "trips", trip_delay.trips().head(800), "trips.test")
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", train__with={"intercept": False})
    trip_delay.change(trips, "common/runtime/views/shop_load.json", ttl_seconds=7 * 3600)
    repeated = repeat(trips, first)
    assert repeated["equal"] and repeated["same_training_set"] and repeated["same_code"]
    recorded = tags(trips, repeated["mlflow_run_id"])
    assert recorded["repeats"] == first
    assert recorded["spec.digest"] == tags(trips, first)["spec.digest"] != trip_delay.spec_digest(trips)


def test_other_code_shows_in_the_metrics_and_is_named(trips: Workspace) -> None:
    first = run(trips)["mlflow_run_id"]
    trip_delay.write_fit(trips.root, trip_delay.FIT.replace("fit_intercept=intercept", "fit_intercept=False"))
    repeated = repeat(trips, first)
    assert repeated["differing"] == ["holdout_rmse", "holdout_mae", "holdout_r2"]
    assert not repeated["same_code"]


def test_a_run_that_does_not_exist_is_one_sentence(trips: Workspace) -> None:
    with pytest.raises(PlatformError, match="has no run 'nowhere'"):
        repeat(trips, "nowhere")
