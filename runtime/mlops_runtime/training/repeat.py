"""Repeats a recorded training with the same snapshots, contract and parameters."""

from __future__ import annotations

import math
from typing import Any

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.training import dataset, fit, metrics, predictor, provenance
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.shared_run import create, open_recorded
from mlops_runtime.training.split import HOLDOUT, TRAIN
from mlops_runtime.training.verdict import CANDIDATE

REPEATS = "repeats"  # tag: the id of the repeated run
_TOLERANCE = 1e-9  # relative


def repeat(workspace: Workspace, run_id: str) -> dict[str, Any]:
    """Trains again in a new run, tagged `repeats=<run_id>`. Its evidence says whether the metrics are equal.

    Raises `PlatformError` if the run recorded no metrics, or if a snapshot is gone.
    """
    with tracking.failures(workspace):
        first = open_recorded(workspace, run_id, provenance.CONTRACT)
        recorded = _recorded_metrics(first)
        second = _begin(first)
        found = _train(first, second)
        differing = [name for name, value in recorded.items() if not _equal(value, found[name])]
        second.set_tags({"repeat.equal": str(not differing).lower()})
        second.client.set_terminated(second.id, "FINISHED")
        return {
            **second.evidence(),
            "repeats": run_id,
            "equal": not differing,
            "differing": differing,
            "recorded": recorded,
            "repeated": found,
            "same_code": first.tag("train.code") == second.tag("train.code"),
            "same_training_set": first.tag("training_set.digest") == second.tag("training_set.digest"),
        }


def _recorded_metrics(run: TrainingRun) -> dict[str, float]:
    found = run.recorded().data.metrics
    names = [f"{CANDIDATE}_{name}" for name in metrics.METRICS[run.model.task]]
    if not all(name in found for name in names):
        raise PlatformError(
            f"The run {run.id} recorded no evaluation, so there is nothing to repeat it against."
        )
    return {name: found[name] for name in names}


def _begin(first: TrainingRun) -> TrainingRun:
    made = create(first.client, first.experiment_id, f"repeat of {first.id[:8]}", {REPEATS: first.id})
    return TrainingRun(
        first.workspace, first.client, first.model, first.contract, made.info.run_id, first.experiment_id
    )


def _train(first: TrainingRun, run: TrainingRun) -> dict[str, float]:
    first_tags = first.recorded().data.tags
    digests = {table: first_tags[provenance.DATA + table] for table in dataset.tables(run.model)}
    # The views may say something else by now; the contract is the first run's.
    provenance.record(run, digests, first_tags[provenance.SPEC])
    now = provenance.present(first)
    training_set = dataset.build(run.workspace, run.model, digests, now)
    run.set_tags({provenance.NOW: now.isoformat(), "training_set.digest": dataset.store(run, training_set)})
    fitted = fit.fit(run.workspace, run.model, training_set.side(TRAIN))
    holdout = training_set.side(HOLDOUT)
    predicted = predictor.predict(fitted, holdout.rows[[field.name for field in run.model.inputs]])
    measured = metrics.measure(run.model.task, holdout.labels, predicted)
    found = {f"{CANDIDATE}_{name}": value for name, value in measured.items()}
    run.log_metrics(found)
    return found


def _equal(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_TOLERANCE) or (math.isnan(one) and math.isnan(other))
