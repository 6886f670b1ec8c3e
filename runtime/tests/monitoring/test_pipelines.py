"""How a pipeline's last run ended, asked of a stand-in for Airflow."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from trips import repository

from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.pipelines import PipelineMonitor, result_of
from mlops_runtime.stores.airflow import Airflow


def _at(minute: int) -> str:
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).isoformat()


PASSWORD = "its own"


class AirflowStandIn(BaseHTTPRequestHandler):
    """Answers as Airflow's REST API does, once per token."""

    tokens = 0
    asked = 0  # how often for runs
    runs: ClassVar[list[str]] = []  # of the DAG 'sound', oldest first: how its only task ended

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/auth/token" or body != {"username": "monitor", "password": PASSWORD}:
            return self._answer({}, 401)
        AirflowStandIn.tokens += 1
        return self._answer({"access_token": f"t{AirflowStandIn.tokens}"})

    def do_GET(self) -> None:
        if self.headers["authorization"] == "Bearer t1":
            self._answer({}, 401)
        elif self.path.endswith("first/taskInstances?limit=200"):
            states = {"gate": "success", "register": "skipped"}
            self._answer({"task_instances": [{"task_id": each, "state": states[each]} for each in states]})
        elif "/dags/sound/dagRuns?" in self.path:
            AirflowStandIn.asked += 1
            self._answer({"dag_runs": self._runs(parse_qs(urlsplit(self.path).query))})
        elif found := re.search(r"/dagRuns/(\w+)/taskInstances", self.path):
            state = AirflowStandIn.runs[int(found[1])]
            self._answer({"task_instances": [{"task_id": "load", "state": state}]})
        elif self.path.endswith(("/dags/sound", "/dags/broken", "/dags/gone")):
            broken, gone = self.path.endswith("broken"), self.path.endswith("gone")
            self._answer({"has_import_errors": broken, "is_stale": gone})
        else:
            self._answer({}, 404)

    def _runs(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Run `n` ended in minute `n`; newest first."""
        limit, offset = int(query["limit"][0]), int(query["offset"][0])
        all_ = [
            {
                "dag_run_id": str(minute),
                "state": "failed" if state == "failed" else "success",
                "start_date": _at(minute),
                "end_date": _at(minute),
            }
            for minute, state in enumerate(AirflowStandIn.runs)
        ]
        wanted = [run for run in reversed(all_) if run["state"] in query["state"]]
        return wanted[offset : offset + limit]

    def _answer(self, body: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    AirflowStandIn.tokens = 0
    AirflowStandIn.asked = 0
    AirflowStandIn.runs = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), AirflowStandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Airflow(f"http://127.0.0.1:{server.server_port}", "monitor", PASSWORD)
    server.shutdown()


def test_a_token_that_has_run_out_is_asked_for_again(airflow: Airflow) -> None:
    assert airflow.task_states("train", "first") == {"gate": "success", "register": "skipped"}
    assert AirflowStandIn.tokens == 2


def test_a_password_that_is_not_taken_is_said_to_be_that(airflow: Airflow) -> None:
    with pytest.raises(PlatformError, match="does not take the monitor's password"):
        Airflow(airflow._url, "monitor", "another").dags()


TRAINING = {"judge": "gate", "publish": "register", "pull": "pull_features"}


@pytest.mark.parametrize(
    ("states", "result"),
    [
        ({"pull": "success", "judge": "success", "publish": "success"}, "success"),
        ({"pull": "success", "judge": "success", "publish": "skipped", "tell": "skipped"}, "refused"),
        ({"pull": "skipped", "judge": "skipped", "publish": "skipped"}, "skipped"),
        ({"pull": "skipped", "judge": "skipped", "publish": "skipped", "other": "success"}, "success"),
        ({}, "success"),
    ],
)
def test_a_green_run_says_whether_the_gate_refused_or_nothing_was_to_be_done(
    states: dict[str, str], result: str
) -> None:
    assert result_of(states, TRAINING) == result


def test_a_pipeline_that_airflow_does_not_know_has_no_runs(airflow: Airflow) -> None:
    assert airflow.finished_runs("nothing", limit=1) == []


def test_a_dag_is_loaded_if_airflow_knows_it_imports_it_and_still_finds_it(airflow: Airflow) -> None:
    loaded = {dag: airflow.has_loaded(dag) for dag in ("sound", "broken", "gone", "nothing")}
    assert loaded == {"sound": True, "broken": False, "gone": False, "nothing": False}


def test_an_airflow_that_is_gone_is_a_sentence() -> None:
    with pytest.raises(PlatformError, match="Airflow does not answer at"):
        Airflow("http://127.0.0.1:9", "monitor", PASSWORD).finished_runs("train", limit=1)


def watch(folder: Path, airflow: Airflow, reads: tuple[str, ...]) -> Callable[[], dict[str, float]]:
    """Measures a pipeline `sound` of one step, which the DAG `broken` starts: value by metric and labels."""
    workspace = repository.build(folder, {"MLOPS_AIRFLOW_PASSWORD_MONITOR": PASSWORD})
    call = repository.function_call("load.py", "load")
    repository.add_pipeline(
        workspace, {"load": {"call": call, "reads": reads}}, "sound", starters=("broken",)
    )
    metrics = MonitorMetrics(["pipelines"])
    monitor = PipelineMonitor(workspace, metrics)
    monitor._airflow = airflow

    def measure() -> dict[str, float]:
        monitor()
        return {
            f"{sample.name[len('mlops_pipeline_') :]} {' '.join(sample.labels.values())}": sample.value
            for family in metrics.registry.collect()
            for sample in family.samples
            if sample.name.startswith("mlops_pipeline")
        }

    return measure


FETCHES: tuple[str, ...] = ()
READS = ("trips",)
GOOD = "last_success_timestamp_seconds sound"


def good(minute: int) -> float:
    return datetime.fromisoformat(_at(minute)).timestamp()


@pytest.mark.parametrize(
    ("reads", "runs", "last_good"),
    [
        (FETCHES, ["success", "skipped", "skipped"], 2),  # its source says that there is nothing new
        (FETCHES, ["success", "failed"], 0),
        (READS, ["success", "skipped", "skipped"], 0),  # it waits for its table
        (READS, ["skipped"] * 3, None),
        (
            READS,
            ["success", *["failed"] * 40, *["skipped"] * 120],
            0,
        ),  # neither is forgotten for their number
        (READS, [], None),
    ],
)
def test_a_run_that_waited_is_no_good_one_and_one_that_found_nothing_new_is(
    tmp_path: Path, airflow: Airflow, reads: tuple[str, ...], runs: list[str], last_good: int | None
) -> None:
    AirflowStandIn.runs = runs
    measure = watch(tmp_path, airflow, reads)
    expected = None if last_good is None else good(last_good)
    assert [measure().get(GOOD), measure().get(GOOD)] == [expected, expected]


def test_the_last_good_run_is_known_though_airflow_has_forgotten_it(tmp_path: Path, airflow: Airflow) -> None:
    AirflowStandIn.runs = ["success"]
    measure = watch(tmp_path, airflow, READS)
    before = measure()
    AirflowStandIn.runs = ["skipped"] * 300
    assert (measure()[GOOD], before[GOOD]) == (good(0), good(0))


def test_what_starts_a_pipeline_is_watched_like_one(tmp_path: Path, airflow: Airflow) -> None:
    AirflowStandIn.runs = ["success"]
    measured = watch(tmp_path, airflow, READS)()
    loaded = {name: value for name, value in measured.items() if name.startswith("loaded")}
    assert loaded == {"loaded sound": 1, "loaded broken": 0}
    assert measured["last_run sound success"] == 1
