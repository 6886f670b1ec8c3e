from __future__ import annotations

import re

import pytest
from trips import trip_delay
from trips.fixtures import champion_version, in_airflow, run, tags

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.tables import warehouse

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


def refused_because(workspace: Workspace, reason: str) -> None:
    """The gate has done its work; what it says of the candidate is its evidence."""
    evidence = run(workspace, "gate")
    assert evidence["gate"] == "refused"
    assert re.search(reason, evidence["reason"])


def test_the_first_candidate_that_beats_the_baseline_becomes_champion(trips: Workspace) -> None:
    evidence = run(trips)
    assert champion_version(trips) == evidence["model_version"] == "1"
    assert tags(trips, evidence["mlflow_run_id"])["gate"] == "passed"


def test_a_candidate_that_equals_the_champion_is_refused_and_leaves_it(trips: Workspace) -> None:
    run(trips)
    second = in_airflow(trips, "second")
    evidence = run(second, "pull_features", "train", "evaluate")
    refused_because(second, r"does not beat the champion's 1\.\d+ by 2\.0%: it is no better")
    recorded = tracking.connect(second).get_run(evidence["mlflow_run_id"])
    assert (recorded.info.status, recorded.data.tags["gate"]) == ("FINISHED", "refused")
    with pytest.raises(Skipped, match="is not registered, because the gate refused it"):
        run(second, "register")
    assert tracking.connect(second).get_run(evidence["mlflow_run_id"]).info.status == "FINISHED"
    assert champion_version(second) == "1"


def test_a_candidate_no_better_than_the_baseline_is_refused(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, CONSTANT)
    run(trips, "pull_features", "train", "evaluate")
    refused_because(trips, "does not beat the baseline")
    assert champion_version(trips) is None


def test_a_candidate_whose_metric_is_nan_is_refused(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, NAN_WHEN_EVALUATED)
    trip_delay.change(trips, CONTRACT, train__pickle=True)
    run(trips, "pull_features", "train", "evaluate")
    refused_because(trips, "rmse is nan, not a finite number")
    assert champion_version(trips) is None


def test_a_gate_without_an_evaluation_refuses(trips: Workspace) -> None:
    run(trips, "pull_features", "train")
    refused_because(trips, "rmse is missing")


def test_nothing_is_registered_that_the_gate_has_not_passed(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate")
    with pytest.raises(PlatformError, match="the gate has not passed"):
        run(trips, "register")
    assert champion_version(trips) is None


def test_training_again_closes_a_gate_that_was_passed(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate", "gate", "train")
    with pytest.raises(PlatformError, match="the gate has not passed"):
        run(trips, "register")


def test_a_gate_that_is_tried_again_says_the_same(trips: Workspace) -> None:
    run(trips)
    second = in_airflow(trips, "second")
    run(second, "pull_features", "train", "evaluate")
    assert run(second, "gate") == run(second, "gate")
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


def without_a_feature(trips: Workspace, beats: list[str]) -> Workspace:
    """A champion, and a later run of the same model without one of the champion's features."""
    run(trips)
    fewer = [field for field in trip_delay.INPUTS if field["name"] != "driver_state__last_delay"]
    signature = [
        column for column in trip_delay.tracking()["signature"]["inputs"] if "driver" not in column["name"]
    ]
    changed = {"inputs": fewer, "features": trip_delay.model()["features"][1:]}
    trip_delay.change(trips, CONTRACT, train__promote_if={"beats": beats, "by": 0.02}, **changed)
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=signature)
    return in_airflow(trips, "second")


def test_a_champion_that_cannot_be_asked_any_more_is_named_and_holds_nothing_back(trips: Workspace) -> None:
    second = without_a_feature(trips, ["baseline", "champion"])
    evaluated = run(second, "pull_features", "train", "evaluate")
    said = "version 1 of 'trip_delay', cannot be asked any more .* needs driver_state__last_delay, which"
    assert re.search(said, evaluated["champion_unasked"])
    verdict = run(second, "gate")
    assert verdict["gate"] == "passed"
    assert re.search("beats the baseline's .*" + said, verdict["reason"])
    assert run(second, "register")["model_version"] == champion_version(second) == "2"


def test_where_the_champion_alone_was_to_be_beaten_the_baseline_stands_in_for_one_that_cannot_be_asked(
    trips: Workspace,
) -> None:
    second = without_a_feature(trips, ["champion"])
    trip_delay.write_fit(trips.root, CONSTANT)
    run(second, "pull_features", "train", "evaluate")
    refused_because(second, "does not beat the baseline's .* cannot be asked any more")
    assert champion_version(second) == "1"


def test_a_champion_whose_input_has_another_type_now_holds_nothing_back(trips: Workspace) -> None:
    run(trips)
    rows = trip_delay.trips()
    rows["distance"] = rows["distance"].astype("string") + " km"
    fit = "from sklearn.linear_model import LinearRegression as Model\n\n\ndef fit(X, y):\n"
    fit += "    X = X.assign(distance=0).fillna(0)\n    return _Own(Model().fit(X, y))\n\n\nclass _Own:\n"
    fit += "    def __init__(self, inner):\n        self.inner = inner\n\n    def predict(self, X):\n"
    fit += "        return self.inner.predict(X.assign(distance=0).fillna(0))\n"
    trip_delay.write_fit(trips.root, fit)
    types = {"distance": "string"}
    inputs = [{**field, "type": types.get(field["name"], field["type"])} for field in trip_delay.INPUTS]
    columns = trip_delay.tracking()["signature"]["inputs"]
    signature = [{**each, "type": types.get(each["name"], each["type"])} for each in columns]
    request = [{"name": "distance", "type": "string"}]
    trip_delay.change(trips, CONTRACT, inputs=inputs, request=request, train__pickle=True)
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=signature)
    table = trips.root / "generated/common/runtime/tables/trips.json"
    table.write_text(table.read_text().replace('"distance", "type": "int64"', '"distance", "type": "string"'))
    second = in_airflow(Workspace.open({"MLOPS_ROOT": str(trips.root)}), "second")
    warehouse.publish(second, "trips", rows, "trips.test")
    evaluated = run(second, "pull_features", "train", "evaluate")
    assert "'distance' must be int64, and" in evaluated["champion_unasked"]
    assert run(second, "gate")["gate"] == "passed"
