"""Plays compiled pipelines that write by their interval over changes of the clocks, and some runs once more.

The rows of each table are marked by the round in which they were written. Each task is run by the runtime in
this process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airflow_scheduler import Scheduler

from mlops_runtime import steps
from mlops_runtime.environment import Workspace
from mlops_runtime.tables import warehouse

QUESTIONS = json.load(sys.stdin)
ROOT = Path(QUESTIONS["root"])
WORDS = "mlops_runtime step "


def run_task(ti: Any, task: Any) -> None:
    """Runs the step of the command with the variables that Airflow renders for it."""
    variables = task.render_template(task.env, {"dag_run": ti.get_dagrun()})
    pipeline, step = task.bash_command.partition(WORDS)[2].split()
    steps.run(Workspace.open({"MLOPS_ROOT": str(ROOT), **variables}), pipeline, step)
    ti.set_state("success")


def rows(pipeline: str) -> list[tuple[int, int]]:
    """Minutes since 1970, and the round in which each row was written; in the order of time."""
    table = warehouse.read(Workspace.open({"MLOPS_ROOT": str(ROOT)}), pipeline)
    minutes = [int(time.timestamp()) // 60 for time in table["at"]]
    return sorted(zip(minutes, [int(mark) for mark in table["mark"]], strict=True))


def minutes(moment: Any) -> int:
    return int(moment.timestamp()) // 60


def set_round(mark: int, is_empty: bool = False) -> None:
    (ROOT / "round.json").write_text(json.dumps({"mark": mark, "empty": is_empty}))


def main() -> None:
    scheduler = Scheduler(Path(QUESTIONS["dags"]), run_task)
    set_round(0)
    done = scheduler.settle(QUESTIONS["limits"])
    answers: dict[str, Any] = {}
    for pipeline in QUESTIONS["limits"]:
        runs = [run for run in done if run.dag_id == pipeline]
        intervals = [(minutes(run.data_interval_start), minutes(run.data_interval_end)) for run in runs]
        answers[pipeline] = {"intervals": intervals, "rounds": [rows(pipeline)]}
    again = {name: [run for run in done if run.dag_id == name][at] for name, at in QUESTIONS["again"].items()}
    for mark, is_empty in enumerate([False, True, False], start=1):
        set_round(mark, is_empty)
        scheduler.again(again.values())
        for pipeline in again:
            answers[pipeline]["rounds"].append(rows(pipeline))
    Path(QUESTIONS["answers"]).write_text(json.dumps(answers))


main()
