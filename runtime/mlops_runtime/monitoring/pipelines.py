"""How each pipeline's last run ended, from Airflow's REST API.

Unlike Airflow's own counters (statsd), it survives restarts, and it says where a good run changed nothing:
because the gate refused the candidate, or because there was nothing to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring.metrics import MonitorMetrics, Row

TIMEOUT_SECONDS = 15
RESULTS = ("success", "refused", "skipped", "failed")


@dataclass(frozen=True)
class Ended:
    result: str
    ended: float  # seconds since the epoch
    seconds: float


class PipelineMonitor:
    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._metrics = metrics
        self._pipelines = workspace.pipelines()
        self._gated = {name: _model_steps(workspace.pipeline(name)) for name in self._pipelines}
        self._airflow = Airflow(workspace.environment.airflow.url)
        self._results: dict[tuple[str, str], str] = {}

    def __call__(self) -> None:
        latest: dict[str, Ended] = {}
        successes: dict[str, float] = {}
        for pipeline in self._pipelines:
            ended = self._ended(pipeline)
            if ended:
                latest[pipeline] = ended[0]
            good = next((each.ended for each in ended if each.result != "failed"), None)
            if good is not None:
                successes[pipeline] = good
        results: list[Row] = [
            ((pipeline, result), float(result == each.result))
            for pipeline, each in latest.items()
            for result in RESULTS
        ]
        tell = self._metrics.replace
        tell(
            "mlops_pipeline_loaded",
            [((pipeline,), float(self._airflow.has_loaded(pipeline))) for pipeline in self._pipelines],
        )
        tell("mlops_pipeline_last_run", results)
        tell(
            "mlops_pipeline_last_run_duration_seconds",
            [((pipeline,), each.seconds) for pipeline, each in latest.items()],
        )
        tell(
            "mlops_pipeline_last_success_timestamp_seconds",
            [((pipeline,), ended) for pipeline, ended in successes.items()],
        )

    def _ended(self, pipeline: str) -> list[Ended]:
        """The pipeline's finished runs, newest first, up to the first that did not fail."""
        found: list[Ended] = []
        for run in self._airflow.finished_runs(pipeline):
            start, end = _seconds(run["start_date"]), _seconds(run["end_date"])
            if end is None:
                continue
            result = self._result(pipeline, run)
            found.append(Ended(result, end, end - (start or end)))
            if result != "failed":
                break
        return found

    def _result(self, pipeline: str, run: Mapping[str, Any]) -> str:
        if run["state"] == "failed":
            return "failed"
        key = (pipeline, run["dag_run_id"])
        if key not in self._results:
            states = self._airflow.task_states(*key)
            self._results = {known: value for known, value in self._results.items() if known[0] != pipeline}
            self._results[key] = result_of(states, self._gated[pipeline])
        return self._results[key]


def result_of(states: Mapping[str, str | None], gated: Mapping[str, str]) -> str:
    """How a green run ended, by its tasks' states; `gated` maps a training's steps to what they use.

    A gate that refused its candidate has done its work, and leaves none to the step that registers.
    """
    if states and all(state == "skipped" for state in states.values()):
        return "skipped"
    found = {uses: states.get(step) for step, uses in gated.items()}
    return "refused" if found.get("gate") == "success" and found.get("register") == "skipped" else "success"


def _model_steps(pipeline: contracts.Pipeline) -> dict[str, str]:
    return {
        name: step.call.uses
        for name, step in pipeline.steps.items()
        if isinstance(step.call, contracts.ModelCall)
    }


class Airflow:
    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._token: str | None = None

    def has_loaded(self, dag: str) -> bool:
        """Whether Airflow runs the DAG as its file is: not one that it cannot import, or no longer finds."""
        found = self._get(f"dags/{quote(dag, safe='')}")
        return found is not None and not found["has_import_errors"] and not found["is_stale"]

    def finished_runs(self, dag: str, limit: int = 10) -> list[dict[str, Any]]:
        """The DAG's finished runs, newest first; none if Airflow does not know the DAG yet."""
        query = urlencode(
            {"order_by": "-end_date", "limit": limit, "state": ["success", "failed"]}, doseq=True
        )
        found = self._get(f"dags/{quote(dag, safe='')}/dagRuns?{query}")
        return [] if found is None else list(found["dag_runs"])

    def task_states(self, dag: str, run: str) -> dict[str, str | None]:
        path = f"dags/{quote(dag, safe='')}/dagRuns/{quote(run, safe='')}/taskInstances?limit=200"
        tasks = (self._get(path) or {"task_instances": []})["task_instances"]
        return {task["task_id"]: task["state"] for task in tasks}

    def _get(self, path: str) -> Any:
        """The response's JSON, or None for 404. Raises `PlatformError`."""
        try:
            try:
                return self._ask(path)
            except HTTPError as error:
                if error.code != 401:
                    raise
                self._token = None  # it has expired
                return self._ask(path)
        except HTTPError as error:
            if error.code == 404:
                return None
            raise PlatformError(f"Airflow at {self._url} answered {error.code} to {path}.") from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise PlatformError(f"Airflow does not answer at {self._url} ({reason}).") from error

    def _ask(self, path: str) -> Any:
        if self._token is None:
            with urlopen(f"{self._url}/auth/token", timeout=TIMEOUT_SECONDS) as response:
                self._token = str(json.load(response)["access_token"])
        headers = {"authorization": f"Bearer {self._token}", "accept": "application/json"}
        with urlopen(
            Request(f"{self._url}/api/v2/{path}", headers=headers), timeout=TIMEOUT_SECONDS
        ) as response:
            return json.load(response)


def _seconds(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()
