from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from trips import repository, trip_delay
from trips.fixtures import champion_version, in_airflow, run, tags

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.tables import warehouse
from mlops_runtime.training.signature import declared
from mlops_runtime.training.steps import STEPS

OWN_CLASS = """
class Wait:
    def predict(self, X):
        return X["shop_load__mean_wait"].fillna(12) + X["distance"] / 2


def fit(X, y):
    return Wait()
"""


def test_the_five_tasks_of_one_dag_run_share_one_mlflow_run(trips: Workspace) -> None:
    runs = {STEPS[step](trips, "trip_delay")["mlflow_run_id"] for step in STEPS}
    other = run(in_airflow(trips, "second"), "pull_features")["mlflow_run_id"]
    assert len(runs) == 1
    assert other not in runs


def test_a_run_records_commit_spec_data_airflow_and_parameters(trips: Workspace) -> None:
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", train__with={"intercept": False})
    evidence = run(trips, "pull_features")
    recorded = tracking.connect(trips).get_run(evidence["mlflow_run_id"])
    assert (
        recorded.data.tags.items()
        >= {
            "airflow.dag_id": "trip_delay_train",
            "airflow.run_id": "first",
            "airflow.url": "http://127.0.0.1:15001/dags/trip_delay_train/runs/first",
            "spec.digest": trip_delay.spec_digest(trips),
            "git.commit": "unknown",
            "data.trips": warehouse.current(trips, "trips").digest,
        }.items()
    )
    assert recorded.data.params == {"intercept": "false"}
    assert {entry.dataset.name for entry in recorded.inputs.dataset_inputs} == {
        "trips",
        "shop_load",
        "driver_state",
    }


def test_every_row_comes_through_the_join_and_unlabelled_ones_are_counted(trips: Workspace) -> None:
    evidence = run(trips, "pull_features")
    assert evidence["rows"] == trip_delay.HOURS
    assert evidence["rows_labelled"] == trip_delay.HOURS * 9 // 10
    assert evidence["rows_train"] + evidence["rows_holdout"] in range(1293, 1297)  # less the gap


def test_a_task_that_is_tried_again_trains_on_the_snapshot_it_saw_first(trips: Workspace) -> None:
    first = run(trips, "pull_features")
    warehouse.publish(trips, "trips", trip_delay.trips().head(700), "trips.test")
    again = run(trips, "pull_features")
    assert again == first


def test_the_logged_model_has_the_declared_signature(trips: Workspace) -> None:
    evidence = run(trips, "pull_features", "train")
    info = mlflow.models.get_model_info(f"models:/{evidence['model_id']}")
    assert info.signature == declared(trips.tracking("trip_delay"))
    assert info.flavors["sklearn"]["serialization_format"] == "skops"


def test_a_model_of_the_team_s_own_class_is_pickled_where_the_spec_allows_it(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, OWN_CLASS)
    run(trips, "pull_features")
    with pytest.raises(
        PlatformError, match=r"returned Wait, which holds .*Wait.*say `pickle: true` below `train`"
    ):
        run(trips, "train")
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", train__pickle=True)
    assert run(trips)["model_version"] == "1"


def test_fit_is_given_exactly_the_inputs_in_the_signature_s_types(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, "def fit(X, y):\n    raise ValueError(dict(X.dtypes.astype(str)))\n")
    run(trips, "pull_features")
    with pytest.raises(PlatformError) as failure:
        run(trips, "train")
    assert str({field["name"]: field["type"] for field in trip_delay.INPUTS}) in str(failure.value)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("return 3", r"models/trip_delay/train\.py: 'fit' returned int, which has no predict"),
        (
            "from sklearn.svm import LinearSVR as S\n    return S().fit(X[['distance']], y)",
            r"returned LinearSVR, which cannot predict for the rows .* as X: ValueError: The feature names",
        ),
        ("raise RuntimeError('no luck')", r"train\.py:2: fit failed with RuntimeError: no luck"),
    ],
)
def test_a_training_function_that_fails_is_one_sentence(trips: Workspace, body: str, sentence: str) -> None:
    trip_delay.write_fit(trips.root, f"def fit(X, y):\n    {body}\n")
    run(trips, "pull_features")
    with pytest.raises(PlatformError, match=sentence):
        run(trips, "train")


def test_training_before_pulling_says_what_comes_first(trips: Workspace) -> None:
    with pytest.raises(PlatformError, match=r"no run of 'trip_delay' .*'first'.* step pull_features first"):
        run(trips, "train")


def test_outside_airflow_later_steps_take_up_the_newest_local_run(trips: Workspace) -> None:
    local = dataclasses.replace(trips, variables={})
    first = run(local, "pull_features")["mlflow_run_id"]
    assert run(local, "train")["mlflow_run_id"] == first
    assert run(local, "pull_features")["mlflow_run_id"] != first


def test_a_label_of_the_future_is_left_out_and_counted(trips: Workspace) -> None:
    rows = trip_delay.trips()
    future = rows.tail(2).assign(scheduled_at=pd.Timestamp("2099-01-01T00:00:00Z"), delay=1e6)
    before = run(trips, "pull_features")
    warehouse.publish(trips, "trips", pd.concat([rows, future]), "trips.test")
    evidence = run(in_airflow(trips, "second"), "pull_features")
    assert evidence["rows_ahead"] == 2
    assert evidence["rows_holdout"] == before["rows_holdout"]


def test_the_share_of_missing_values_stands_in_run_mlflow_and_gate(trips: Workspace) -> None:
    run(trips)
    evidence = run(trips, "gate")  # nothing is known of the driver `cy`
    assert 0.2 < evidence["missing"]["driver_state__last_delay"] < 0.5
    metrics = tracking.connect(trips).get_run(evidence["mlflow_run_id"]).data.metrics
    assert metrics["missing_driver_state__last_delay"] == pytest.approx(
        evidence["missing"]["driver_state__last_delay"], abs=1e-3
    )
    assert metrics["missing_distance"] == 0


def test_a_rule_that_the_data_breaks_stands_in_run_and_mlflow(trips: Workspace) -> None:
    repository.ask(trips, "warn", {"orders": {"min": 2**60}})
    warehouse.publish(trips, "shop_load", warehouse.read(trips, "shop_load"), "trips.shops")
    evidence = run(trips, "pull_features")
    (broken,) = evidence["warnings"]["shop_load"]
    assert "break `min: " in broken
    tags = tracking.connect(trips).get_run(evidence["mlflow_run_id"]).data.tags
    assert tags["warned.shop_load"] == broken


def emptied(**values: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda rows: rows.assign(**values)


@pytest.mark.parametrize(
    ("table", "change", "cause"),
    [
        ("driver_state", emptied(last_delay=None), "no row of the table 'driver_state' has a value of"),
        (
            "driver_state",
            emptied(driver=lambda rows: rows["driver"] + "!"),
            "none of the keys .* for example '(ann|bob|cy)', where the table has '(ann|bob)!'",
        ),
        (
            "driver_state",
            emptied(observed_at=pd.Timestamp("2026-06-01", tz="UTC")),
            "the rows of 'driver_state' begin at 2026-06-01 .* after all predictions",
        ),
        (
            "driver_state",
            emptied(observed_at=pd.Timestamp("2025-06-01", tz="UTC")),
            "the row of 'driver_state' is older than the view's ttl",
        ),
        (
            "driver_state",
            emptied(ingested_at=pd.Timestamp("2026-06-01", tz="UTC")),
            r"were recorded \('ingested_at'\) only after the predictions",
        ),
    ],
    ids=["no value", "no key", "too late", "too old", "recorded later"],
)
def test_a_feature_that_is_missing_everywhere_is_an_error_with_its_cause(
    trips: Workspace, table: str, change: Callable[[pd.DataFrame], pd.DataFrame], cause: str
) -> None:
    warehouse.publish(trips, table, change(warehouse.read(trips, table)), "trips.test")
    with pytest.raises(PlatformError, match="rows lack driver_state__last_delay, so nothing .*" + cause):
        run(trips, "pull_features")


def test_a_training_before_its_data_waits_and_begins_no_run(trips: Workspace) -> None:
    client = tracking.connect(trips)
    experiment = client.get_experiment_by_name("trip_delay")
    before = len(client.search_runs([experiment.experiment_id])) if experiment else 0
    (trips.warehouse / "shop_load.json").rename(trips.warehouse / "aside.json")
    with pytest.raises(Skipped, match=r"'shop_load' was never published, .* pipeline 'trips', whose step"):
        run(trips, "pull_features")
    (trips.warehouse / "aside.json").rename(trips.warehouse / "shop_load.json")
    warehouse.publish(trips, "trips", trip_delay.trips().head(0), "trips.test")
    with pytest.raises(Skipped, match="The table 'trips' has no rows yet"):
        run(trips, "pull_features")
    found = client.get_experiment_by_name("trip_delay")
    assert (len(client.search_runs([found.experiment_id])) if found else 0) == before


def test_rejected_rows_are_neither_trained_on_nor_judged_by(trips: Workspace) -> None:
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", missing_features="reject")
    evidence = run(trips, "pull_features")  # nothing is known of the driver `cy`
    assert evidence["rows_unusable"] > 300


def test_a_classifier_is_judged_by_its_probabilities(trips: Workspace) -> None:
    late = trip_delay.trips().assign(delay=lambda frame: (frame["delay"] > 15).where(frame["delay"].notna()))
    warehouse.publish(trips, "trips", late.astype({"delay": "float64"}), "trips.test")
    file = "common/runtime/models/trip_delay.json"
    trip_delay.change(trips, file, task="classification", train__metric="roc_auc", train__goal="maximize")
    trip_delay.write_fit(
        trips.root,
        "from sklearn.ensemble import HistGradientBoostingClassifier as Classifier\n\n\n"
        "def fit(X, y):\n    return Classifier(max_iter=5).fit(X, y)\n",
    )
    run(trips)
    assert champion_version(trips) == "1"


def test_a_label_of_more_than_two_classes_is_refused(trips: Workspace) -> None:
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", task="classification")
    with pytest.raises(PlatformError, match=r"model\.yaml: the label 'delay' .* distinguishes two classes"):
        run(trips, "pull_features")


def test_a_lock_s_pins_are_the_model_s_requirements(trips: Workspace) -> None:
    lock = (
        "scikit-learn==1.8.0 \\\n    --hash=sha256:00\n    # via team\nnumpy==2.4.0 ; python_version > '3'\n"
    )
    (trips.root / "models/trip_delay/requirements.lock").write_text(lock)
    trip_delay.change(
        trips, "common/runtime/models/trip_delay.json", lock="models/trip_delay/requirements.lock"
    )
    evidence = run(trips, "pull_features", "train")
    folder = mlflow.artifacts.download_artifacts(f"models:/{evidence['model_id']}")
    pins = Path(folder, "requirements.txt").read_text().split()
    assert {"scikit-learn==1.8.0", "numpy==2.4.0"} <= set(pins)


def test_the_evaluation_is_written_for_people_too(trips: Workspace) -> None:
    evidence = run(trips, "pull_features", "train", "evaluate")
    client = tracking.connect(trips)
    files = {file.path for file in client.list_artifacts(evidence["mlflow_run_id"], "evaluation")}
    names = ("report.json", "report.md", "error_by_day.png", "holdout_predictions.parquet")
    assert files == {f"evaluation/{name}" for name in names}
    assert evidence["holdout_rmse"] < evidence["baseline_rmse"]


def test_timestamps_of_the_training_set_are_before_their_labels(trips: Workspace) -> None:
    evidence = run(trips, "pull_features")
    path = mlflow.artifacts.download_artifacts(
        run_id=evidence["mlflow_run_id"], artifact_path="training_set/training_set.parquet"
    )
    frame = pd.read_parquet(path)
    assert ((frame["_label_timestamp"] - frame["_predicted_at"]) == pd.Timedelta("2h")).all()
    assert tags(trips, evidence["mlflow_run_id"])["training_set.digest"]
