"""Answers which runs follow from updates of assets: the scheduler looks after each batch of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airflow.sdk.definitions.dag import _run_task
from airflow_scheduler import Scheduler


def run_task(ti: Any, task: Any) -> None:
    """What the platform runs succeeds; the tasks of Airflow's own operators are run."""
    if task.task_type == "BashOperator":
        ti.set_state("success")
    else:
        _run_task(ti=ti, task=task)


def main() -> None:
    questions = json.load(sys.stdin)
    scheduler = Scheduler(Path(questions["dags"]), run_task, prefix="score_")
    answers = []
    for batch in questions["batches"]:
        scheduler.update(*batch)
        answers.append([run.dag_id for run in scheduler.settle()])
    Path(questions["answers"]).write_text(json.dumps(answers))


main()
