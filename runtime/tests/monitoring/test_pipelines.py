"""How a pipeline's last run ended, asked of a stand-in for Airflow."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring.pipelines import Airflow, result_of


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
            states = {"gate": "success", "register": "skipped"}
            self._answer({"task_instances": [{"task_id": each, "state": states[each]} for each in states]})
        elif self.path.endswith(("/dags/sound", "/dags/broken", "/dags/gone")):
            broken, gone = self.path.endswith("broken"), self.path.endswith("gone")
            self._answer({"has_import_errors": broken, "is_stale": gone})
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


def test_a_token_that_has_run_out_is_asked_for_again(airflow: Airflow) -> None:
    assert airflow.task_states("train", "first") == {"gate": "success", "register": "skipped"}
    assert AirflowStandIn.tokens == 2


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
    assert airflow.finished_runs("nothing") == []


def test_a_dag_is_loaded_if_airflow_knows_it_imports_it_and_still_finds_it(airflow: Airflow) -> None:
    loaded = {dag: airflow.has_loaded(dag) for dag in ("sound", "broken", "gone", "nothing")}
    assert loaded == {"sound": True, "broken": False, "gone": False, "nothing": False}


def test_an_airflow_that_is_gone_is_a_sentence() -> None:
    with pytest.raises(PlatformError, match="Airflow does not answer at"):
        Airflow("http://127.0.0.1:9").finished_runs("train")
