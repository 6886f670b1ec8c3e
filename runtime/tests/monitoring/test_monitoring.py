"""Drift, the prediction log, delayed labels, how pipelines ended: what the monitor measures, in pieces."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pandas as pd
import pytest
from trips.fixtures import run

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring import drift, models
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS, Monitor, Watch, show_deployments
from mlops_runtime.monitoring.pipelines import Airflow
from mlops_runtime.monitoring.references import Reference, References
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, PREDICTION, VERSION
from mlops_runtime.predictions.folder import folder_of, forget_old
from mlops_runtime.predictions.reader import PredictionReader
from mlops_runtime.scoring.score import score

NOW = datetime(2026, 3, 10, tzinfo=UTC)
MONITORED = contracts.MonitoredModel.model_validate_json(
    json.dumps(
        {
            "model": "trip_delay",
            "task": "regression",
            "label": {"table": "trips", "column": "delay", "timestamp": "scheduled_at"}
            | {"horizon_seconds": 3600},
            "keys": ["driver", "shop"],
            "request": ["distance"],
            "inputs": [{"name": "distance", "type": "int64"}, {"name": "season", "type": "float64"}],
            "drift": {"window_seconds": 86400, "min_samples": 100, "ignore": ["season"]},
            "performance": {"window_seconds": 86400, "min_samples": 2},
        }
    )
)


def test_psi_is_the_sum_over_bins_of_the_change_times_its_logarithm() -> None:
    then, now = np.array([50.0, 50.0]), np.array([75.0, 25.0])
    assert drift.psi(then, now) == pytest.approx(0.25 * np.log(1.5) - 0.25 * np.log(0.5))
    assert drift.psi(then, 10 * then) == pytest.approx(0)


def test_the_same_distribution_is_no_drift_and_a_shifted_one_is() -> None:
    random = np.random.default_rng(0)
    reference = pd.Series(random.normal(size=20_000))
    same = drift.compare(reference, pd.Series(random.normal(size=2000)))
    shifted = drift.compare(reference, pd.Series(random.normal(size=2000) + 1))
    assert same.psi < 0.02 and same.ks is not None and same.ks < 0.05
    assert shifted.psi > 0.5 and shifted.ks is not None and shifted.ks > 0.3


def test_values_that_vanish_and_categories_that_come_are_drift() -> None:
    numbers = pd.Series(np.arange(1000.0))
    assert drift.compare(numbers, numbers.where(numbers % 2 == 0)).psi > 0.25
    words, others = pd.Series(["a", "b"] * 500), pd.Series(["a", "c"] * 500)
    moved = drift.compare(words, others)
    assert moved.psi > 0.25 and moved.ks is None
    assert drift.compare(words, words[:100]).psi == pytest.approx(0)


def test_a_constant_or_empty_reference_is_compared_without_failing() -> None:
    constant = pd.Series([3.0] * 100)
    assert drift.compare(constant, constant).psi == pytest.approx(0)
    assert drift.compare(constant, pd.Series([4.0] * 100)).psi > 1
    assert np.isfinite(drift.compare(pd.Series([], dtype="float64"), constant).psi)


def predictions(rows: int, hours: float = 24) -> pd.DataFrame:
    at = [NOW - timedelta(hours=hours * index / rows) for index in range(rows)]
    return pd.DataFrame(
        {
            "driver": "ann",
            "shop": "north",
            "distance": np.arange(rows) % 50,
            "season": 1e6,
            AT: pd.to_datetime(at, utc=True),
            LABEL_TIMESTAMP: pd.Series([pd.NaT] * rows, dtype="datetime64[ns, UTC]"),
            VERSION: "1",
            PREDICTION: 1.0,
        }
    )


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


def line(index: int, **rest: Any) -> str:
    stated = {
        "at": "2026-03-09T12:00:00Z",
        "model_version": "1",
        "label_timestamp": None,
        "prediction": index,
    }
    inputs = {"season": 1.0}
    keys = {"driver": "ann", "shop": "north"}
    return json.dumps({**stated, "keys": keys, "request": {"distance": 3}, "inputs": inputs, **rest}) + "\n"


def test_the_log_is_read_as_it_grows_and_a_half_written_line_waits(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    path = folder / "2026-03-09-1.jsonl"
    reader = PredictionReader(trips, MONITORED)
    window = (NOW - timedelta(days=1), NOW)
    assert len(reader.since(*window)) == 0
    path.write_text(line(0) + line(1)[:20])
    assert list(reader.since(*window)[PREDICTION]) == [0]
    path.write_text(line(0) + line(1) + line(2, at="2026-03-01T00:00:00Z"))
    assert list(reader.since(*window)[PREDICTION]) == [0, 1]


def test_of_rows_that_are_scored_again_the_last_counts(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    stated = {"label_timestamp": "2026-03-09T14:00:00Z"}
    (folder / "2026-03-09-1.jsonl").write_text(line(0, **stated) + line(1, **stated) + line(2))
    found = PredictionReader(trips, MONITORED).since(NOW - timedelta(days=1), NOW)
    assert list(found[PREDICTION]) == [1, 2]


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
    assert set(reference.inputs) >= {"distance", "shop_load__orders"} <= set(made)


def test_predictions_older_than_three_months_are_forgotten(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    for name in ("2025-12-01-1.jsonl", "2026-03-01-1.jsonl"):
        (folder / name).touch()
    forget_old(folder, NOW.date())
    assert [path.name for path in folder.iterdir()] == ["2026-03-01-1.jsonl"]


# --- Airflow


class AirflowStandIn(BaseHTTPRequestHandler):
    """Answers as Airflow's REST API does, once per token."""

    tokens = 0

    def do_GET(self) -> None:
        if self.path == "/auth/token":
            AirflowStandIn.tokens += 1
            self._answer({"access_token": f"t{AirflowStandIn.tokens}"})
        elif self.headers["authorization"] == "Bearer t1":
            self._answer({}, 401)
        elif self.path.endswith("taskInstances?limit=200"):
            failed = {"state": "failed", "try_number": 2}
            self._answer(
                {"task_instances": [{"task_id": "gate", **failed}, {"task_id": "x", "state": "success"}]}
            )
        elif self.path.endswith("/taskInstances/gate/logs/2"):
            self._answer({"content": [{"event": "Command exited with return code 3"}]})
        else:
            self._answer({}, 404)

    def _answer(self, body: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    AirflowStandIn.tokens = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), AirflowStandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Airflow(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()


def test_a_token_that_has_run_out_is_asked_for_again_and_exit_codes_come_from_the_logs(
    airflow: Airflow,
) -> None:
    assert airflow.exit_codes("train", "first") == [3]
    assert AirflowStandIn.tokens == 2


def test_a_pipeline_that_airflow_does_not_know_has_no_runs(airflow: Airflow) -> None:
    assert airflow.finished_runs("nothing") == []


def test_an_airflow_that_is_gone_is_a_sentence() -> None:
    with pytest.raises(PlatformError, match="Airflow does not answer at"):
        Airflow("http://127.0.0.1:9").finished_runs("train")


# --- the loop


def test_a_monitor_that_fails_is_counted_and_holds_up_no_other() -> None:
    metrics = MonitorMetrics(["broken", "well"])
    ran: list[str] = []

    def fail() -> None:
        raise PlatformError("PostgreSQL does not answer.")

    def work() -> None:
        ran.append("well")
        watch.stop()

    watch = Watch([Monitor("broken", 60, fail), Monitor("well", 60, work)], metrics)
    watch.run()
    assert ran == ["well"]
    assert watch.problem == "broken: PostgreSQL does not answer."
    registry = metrics.registry
    assert registry.get_sample_value("mlops_monitor_failures_total", {"monitor": "broken"}) == 1
    assert (
        registry.get_sample_value("mlops_monitor_last_success_timestamp_seconds", {"monitor": "broken"})
        is None
    )
    assert registry.get_sample_value("mlops_monitor_last_success_timestamp_seconds", {"monitor": "well"})


def test_deployments_are_shown_by_commit_and_a_damaged_record_is_none(trips: Workspace) -> None:
    metrics = MonitorMetrics(MONITORS)
    file = trips.state / "deployments.json"
    file.write_text('[{"at": "2026-01-31T06:00:00Z", "commit": "0123456789abcdef"}]', encoding="utf-8")

    def shown() -> float | None:
        show_deployments(trips, metrics)
        return metrics.registry.get_sample_value(
            "mlops_deployment_timestamp_seconds", {"commit": "0123456789ab"}
        )

    assert shown() == datetime(2026, 1, 31, 6, tzinfo=UTC).timestamp()
    for damaged in ("", "[", "{}", "[null]", "0"):
        file.write_text(damaged, encoding="utf-8")
        assert shown() is None
    file.unlink()
    assert shown() is None
