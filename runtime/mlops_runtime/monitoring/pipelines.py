"""How each pipeline's last run ended, from Airflow's REST API.

Unlike Airflow's own counters (statsd), it survives restarts, and it distinguishes a refused candidate from a
failure.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import EXIT_REFUSED, PlatformError
from mlops_runtime.monitoring.metrics import MonitorMetrics, Row

TIMEOUT_SECONDS = 15
RESULTS = ("success", "refused", "failed")
_EXIT = re.compile(r"^Command exited with return code (\d+)$")


@dataclass(frozen=True)
class Ended:
    result: str
    ended: float  # seconds since the epoch
    seconds: float


class PipelineMonitor:
    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._metrics = metrics
        self._pipelines = workspace.pipelines()
        self._airflow = Airflow(workspace.environment.airflow.url)
        self._refused: dict[tuple[str, str], bool] = {}

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
            result = run["state"] if run["state"] != "failed" else self._failure(pipeline, run["dag_run_id"])
            found.append(Ended(result, end, end - (start or end)))
            if result != "failed":
                break
        return found

    def _failure(self, pipeline: str, run: str) -> str:
        """A refused candidate is not a failure and must not page anyone."""
        key = (pipeline, run)
        if key not in self._refused:
            codes = self._airflow.exit_codes(pipeline, run)
            self._refused[key] = len(codes) > 0 and all(code == EXIT_REFUSED for code in codes)
        return "refused" if self._refused[key] else "failed"


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

    def exit_codes(self, dag: str, run: str) -> list[int | None]:
        """The failed steps' exit codes, None for a step without one (it was killed, or timed out)."""
        path = f"dags/{quote(dag, safe='')}/dagRuns/{quote(run, safe='')}/taskInstances"
        tasks = (self._get(f"{path}?limit=200") or {"task_instances": []})["task_instances"]
        failed = [task for task in tasks if task["state"] == "failed"]
        return [self._exit_code(path, task) for task in failed]

    def _exit_code(self, path: str, task: dict[str, Any]) -> int | None:
        found = self._get(f"{path}/{quote(task['task_id'], safe='')}/logs/{task['try_number']}")
        content = found["content"] if found else []
        events = [line.get("event", "") for line in content if isinstance(line, dict)]
        codes = [int(match[1]) for event in events if (match := _EXIT.match(event))]
        return codes[0] if codes else None

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
