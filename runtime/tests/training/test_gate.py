from __future__ import annotations

import pytest
from trips import trip_delay
from trips.fixtures import champion_version, in_airflow, run, tags

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Refused

CONTRACT = "common/runtime/models/trip_delay.json"
CONSTANT = """
from sklearn.dummy import DummyRegressor


def fit(X, y, value=None):
    strategy = {"strategy": "mean"} if value is None else {"strategy": "constant", "constant": value}
    return DummyRegressor(**strategy).fit(X, y)
"""
NAN_WHEN_EVALUATED = """
import numpy as np


class Fragile:
    def predict(self, X):
        return np.full(len(X), 1.0 if len(X) < 10 else np.nan)


def fit(X, y):
    return Fragile()
"""


def test_the_first_candidate_that_beats_the_baseline_becomes_champion(trips: Workspace) -> None:
    evidence = run(trips)
    assert champion_version(trips) == evidence["model_version"] == "1"
    assert tags(trips, evidence["mlflow_run_id"])["gate"] == "passed"


def test_a_candidate_that_equals_the_champion_is_refused_and_leaves_it(trips: Workspace) -> None:
    run(trips)
    second = in_airflow(trips, "second")
    evidence = run(second, "pull_features", "train", "evaluate")
    with pytest.raises(Refused, match=r"does not beat the champion's 1\.\d+ by 2\.0%: it is no better"):
        run(second, "gate")
    assert tags(second, evidence["mlflow_run_id"])["gate"] == "refused"
    with pytest.raises(Refused, match="is not registered, because the gate refused it"):
        run(second, "register")
    assert champion_version(second) == "1"


def test_a_candidate_no_better_than_the_baseline_is_refused(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, CONSTANT)
    run(trips, "pull_features", "train", "evaluate")
    with pytest.raises(Refused, match="does not beat the baseline"):
        run(trips, "gate")
    assert champion_version(trips) is None


def test_a_candidate_whose_metric_is_nan_is_refused(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, NAN_WHEN_EVALUATED)
    run(trips, "pull_features", "train", "evaluate")
    with pytest.raises(Refused, match="rmse is nan, not a finite number"):
        run(trips, "gate")
    assert champion_version(trips) is None


def test_a_gate_without_an_evaluation_refuses(trips: Workspace) -> None:
    run(trips, "pull_features", "train")
    with pytest.raises(Refused, match="rmse is missing"):
        run(trips, "gate")


def test_nothing_is_registered_that_the_gate_has_not_passed(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate")
    with pytest.raises(Refused, match="the gate has not passed"):
        run(trips, "register")
    assert champion_version(trips) is None


def test_training_again_closes_a_gate_that_was_passed(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate", "gate", "train")
    with pytest.raises(Refused, match="the gate has not passed"):
        run(trips, "register")


def test_a_gate_that_is_tried_again_says_the_same(trips: Workspace) -> None:
    run(trips)
    second = in_airflow(trips, "second")
    run(second, "pull_features", "train", "evaluate")
    reasons = []
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            run(second, "gate")
        reasons.append(str(refusal.value))
    assert reasons[0] == reasons[1]
    assert run(trips, "gate")["gate"] == "passed"


def test_a_better_candidate_takes_the_champion_s_place(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, CONSTANT)
    trip_delay.change(
        trips, CONTRACT, train__with={"value": 20.5}, train__promote_if={"beats": [], "by": 0.0}
    )
    run(trips)
    trip_delay.write_fit(trips.root, trip_delay.FIT)
    stated = trip_delay.model()["train"]
    trip_delay.change(trips, CONTRACT, train__with={}, train__promote_if=stated["promote_if"])
    second = in_airflow(trips, "second")
    assert run(second)["model_version"] == "2"
    assert champion_version(second) == "2"
    aliases = tracking.connect(second).get_registered_model("trip_delay").aliases
    assert aliases == {"champion": 2} or aliases == {"champion": "2"}


def test_a_champion_chosen_after_the_evaluation_voids_it(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate")
    run(in_airflow(trips, "overtaking"))
    with pytest.raises(PlatformError, match=r"changed since the evaluation .*none, now 1"):
        run(trips, "gate")


def test_a_champion_whose_inputs_are_gone_is_named_and_not_skipped(trips: Workspace) -> None:
    run(trips)
    fewer = [field for field in trip_delay.INPUTS if field["name"] != "driver_state__last_delay"]
    signature = [
        column for column in trip_delay.tracking()["signature"]["inputs"] if "driver" not in column["name"]
    ]
    trip_delay.change(trips, CONTRACT, inputs=fewer, features=trip_delay.model()["features"][1:])
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=signature)
    second = in_airflow(trips, "second")
    run(second, "pull_features", "train")
    with pytest.raises(PlatformError, match=r"champion, version 1 .* needs driver_state__last_delay"):
        run(second, "evaluate")
    assert champion_version(second) == "1"
