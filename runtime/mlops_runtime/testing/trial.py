"""One step without Airflow: on the tables that are there, or on made-up rows, and what came of it as text."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mlops_runtime import contracts, steps
from mlops_runtime.environment import Workspace
from mlops_runtime.tables import warehouse
from mlops_runtime.testing import alone
from mlops_runtime.testing.given import Given
from mlops_runtime.testing.workspaces import apart

_SHOWN = 5
_NOT_PUBLISHED = "Nothing is published (`--publish` does it)."
_OF_THE_RUN = {"pipeline", "step", "seconds", "mlflow_run_id", "mlflow_url", "digests", "digest", "model_id"}


def trial(workspace: Workspace, pipeline: str, step: str, given: Given, publish: bool) -> str:
    """Runs the step and describes it. Without `publish`, what it writes is deleted."""
    contract = steps.find(workspace, pipeline, step)
    if publish:
        evidence = steps.run(workspace, pipeline, step)
        return "\n".join([*_report(workspace, contract, evidence), "It is published."])
    with tempfile.TemporaryDirectory(prefix="mlops-step-") as folder:
        if not isinstance(contract.call, contracts.FunctionCall):
            evidence = alone.run(workspace, Path(folder), pipeline, step, contract.call, given)
            return "\n".join([*_facts(evidence), _took(evidence), _NOT_PUBLISHED])
        tried = apart(workspace, Path(folder))
        for table, frame in given.frames(workspace, contract.reads).items():
            warehouse.publish_all(tried, {table: frame}, "step")
        evidence = steps.run(tried, pipeline, step)
        return "\n".join([*_report(tried, contract, evidence), _NOT_PUBLISHED])


def _facts(evidence: steps.Evidence) -> Iterator[str]:
    """What a step of the platform says of itself, without what was made for this run alone."""
    for name, value in evidence.items():
        if name not in _OF_THE_RUN:
            yield f"{name}: {json.dumps(value, default=str)}"


def _took(evidence: steps.Evidence) -> str:
    return f"\n{evidence['pipeline']}.{evidence['step']} took {evidence['seconds']} s; all checks hold."


def _report(workspace: Workspace, contract: contracts.Step, evidence: steps.Evidence) -> Iterator[str]:
    for word in ("read", "written"):
        for table, found in evidence.get(word, {}).items():
            yield f"{word:<8} {table}: {found['rows']:,} rows"
    for table in contract.writes:
        frame = warehouse.read(workspace, table)
        yield f"\n{table}, as its contract has it:"
        for name in frame.columns:
            missing = int(frame[name].isna().sum())
            yield f"  {name}: {frame[name].dtype}" + (f", {missing:,} missing" if missing else "")
        yield frame.head(_SHOWN).to_string(index=False, max_cols=8, line_width=110)
    yield _took(evidence)
