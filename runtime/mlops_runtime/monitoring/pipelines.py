"""How each pipeline's last run ended, from Airflow's REST API.

Unlike Airflow's own counters (statsd), it survives restarts, and it says where a green run changed nothing.
Good is one whose candidate the gate refused, and one whose source had nothing new. One that waited, for
tables or for a champion, is not: what it waits for may never come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring.metrics import MonitorMetrics, Row
from mlops_runtime.stores.airflow import Airflow

RESULTS = ("success", "refused", "skipped", "failed")
PAGE = 50  # runs of one answer
LOOKS = 200  # green runs among which a good one is looked for


@dataclass(frozen=True)
class Ended:
    result: str
    ended: float  # seconds since the epoch
    seconds: float


@dataclass(frozen=True)
class Watched:
    """A DAG: a pipeline, or one that starts a pipeline."""

    uses: Mapping[str, str]  # a training's steps → what of the platform they use
    fetches: bool  # has a step of the team's that reads no table, and so knows whether there is anything new

    def is_good(self, result: str) -> bool:
        return result in ("success", "refused") or (result == "skipped" and self.fetches)


class PipelineMonitor:
    def __init__(self, workspace: Workspace, metrics: MonitorMetrics) -> None:
        self._metrics = metrics
        pipelines = [workspace.pipeline(name) for name in workspace.pipelines()]
        starters = {name: Watched({}, fetches=False) for each in pipelines for name in each.starters}
        self._watched = {each.pipeline: _watched(each) for each in pipelines} | starters
        self._airflow = Airflow.of(workspace)
        self._results: dict[tuple[str, str], str] = {}  # of green runs
        self._good: dict[str, float] = {}

    def __call__(self) -> None:
        latest = {dag: ended for dag in self._watched if (ended := self._latest(dag))}
        for dag in self._watched:
            found = self._last_good(dag)
            if found is not None:
                self._good[dag] = found
        results: list[Row] = [
            ((dag, result), float(result == each.result))
            for dag, each in latest.items()
            for result in RESULTS
        ]
        tell = self._metrics.replace
        tell(
            "mlops_pipeline_loaded",
            [((dag,), float(self._airflow.has_loaded(dag))) for dag in self._watched],
        )
        tell("mlops_pipeline_last_run", results)
        tell(
            "mlops_pipeline_last_run_duration_seconds",
            [((dag,), each.seconds) for dag, each in latest.items()],
        )
        tell(
            "mlops_pipeline_last_success_timestamp_seconds",
            [((dag,), ended) for dag, ended in self._good.items()],
        )

    def _latest(self, dag: str) -> Ended | None:
        for run in self._airflow.finished_runs(dag, limit=1):
            start, end = _seconds(run["start_date"]), _seconds(run["end_date"])
            if end is not None:
                return Ended(self._result(dag, run), end, end - (start or end))
        return None

    def _last_good(self, dag: str) -> float | None:
        """When the last good run ended, however many have failed or waited since."""
        known = self._good.get(dag)
        for offset in range(0, LOOKS, PAGE):
            runs = self._airflow.finished_runs(dag, limit=PAGE, offset=offset, states=("success",))
            for run in runs:
                end = _seconds(run["end_date"])
                if end is None or (known is not None and end <= known):
                    return known
                if self._watched[dag].is_good(self._result(dag, run)):
                    return end
            if len(runs) < PAGE:
                break
        return known

    def _result(self, dag: str, run: Mapping[str, Any]) -> str:
        if run["state"] == "failed":
            return "failed"
        # A run that is cleared and repeated ends at another time.
        key = (dag, f"{run['dag_run_id']} {run['end_date']}")
        if key not in self._results:
            while len(self._results) > LOOKS * (len(self._watched) + 1):
                del self._results[next(iter(self._results))]
            states = self._airflow.task_states(dag, run["dag_run_id"])
            self._results[key] = result_of(states, self._watched[dag].uses)
        return self._results[key]


def result_of(states: Mapping[str, str | None], gated: Mapping[str, str]) -> str:
    """How a green run ended, by its tasks' states; `gated` maps a training's steps to what they use.

    A gate that refused its candidate has done its work, and leaves none to the step that registers.
    """
    if states and all(state == "skipped" for state in states.values()):
        return "skipped"
    found = {uses: states.get(step) for step, uses in gated.items()}
    return "refused" if found.get("gate") == "success" and found.get("register") == "skipped" else "success"


def _watched(pipeline: contracts.Pipeline) -> Watched:
    steps = pipeline.steps
    uses = {
        name: step.call.uses for name, step in steps.items() if isinstance(step.call, contracts.ModelCall)
    }
    fetches = any(isinstance(each.call, contracts.FunctionCall) and not each.reads for each in steps.values())
    return Watched(uses, fetches)


def _seconds(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()
