"""The five steps of a training pipeline, each `fn(workspace, model) -> evidence`.

Evidence is what a task prints as its last line and Airflow keeps: the MLflow run and what was done. All steps
use the same MLflow run (see shared_run.py), and each may be retried. Each runs in its own process, so slow
imports (scikit-learn, skops, matplotlib) are left to the step that needs them.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any

from mlflow.exceptions import MlflowException

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.tables import warehouse
from mlops_runtime.training import dataset, gate, missing, provenance, register, tries
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.shared_run import begin, resume
from mlops_runtime.training.split import HOLDOUT, TRAIN

Evidence = dict[str, Any]
ModelStep = Callable[[Workspace, str], Evidence]
Work = Callable[[TrainingRun], Evidence]


def pull_features(run: TrainingRun) -> Evidence:
    digests = provenance.digests(run)
    provenance.record(run, digests, provenance.spec(run))
    now = provenance.present(run)
    training_set = dataset.build(run.workspace, run.model, digests, now)
    run.set_tags({provenance.NOW: now.isoformat(), "training_set.digest": dataset.store(run, training_set)})
    run.log_metrics({**training_set.counts, **missing.as_metrics(training_set.missing)})
    shares = missing.notable(training_set.missing)
    return {**training_set.counts, "missing": shares, "digests": digests, **provenance.warnings(run, digests)}


def train(run: TrainingRun) -> Evidence:
    from mlops_runtime.training import fit

    side = dataset.load(run).side(TRAIN)
    info = fit.log(run, fit.fit(run.workspace, run.model, side), side)
    run.set_tags({gate.MODEL_ID: info.model_id, gate.GATE: gate.PENDING})
    return {"model_id": info.model_id, "rows_train": len(side.rows), **run.model.train.with_}


def evaluate_candidate(run: TrainingRun) -> Evidence:
    from mlops_runtime.training.evaluate import evaluate, store_predictions
    from mlops_runtime.training.report import log_report
    from mlops_runtime.training.verdict import CANDIDATE

    model_id = run.tag(gate.MODEL_ID)
    if model_id is None:
        raise PlatformError(f"The run {run.id} has no model to evaluate: run the step train first.")
    run.set_tags({gate.GATE: gate.PENDING})
    training_set = dataset.load(run)
    evaluation = evaluate(run, training_set, model_id)
    run.log_metrics(evaluation.metrics)
    run.set_tags({gate.CHAMPION_UNASKED: evaluation.champion_unasked or ""})
    holdout = training_set.side(HOLDOUT)
    run.set_tags(tries.describe(run.model, holdout))
    log_report(run, evaluation, holdout)
    store_predictions(run, evaluation.predictions[CANDIDATE])
    run.set_tags({gate.CHAMPION_VERSION: evaluation.champion_version or "", gate.EVALUATED: model_id})
    unasked = {"champion_unasked": evaluation.champion_unasked} if evaluation.champion_unasked else {}
    return {**evaluation.metrics, "champion_version": evaluation.champion_version, **unasked}


def pass_gate(run: TrainingRun) -> Evidence:
    """A refusal is a result: the step has done its work, and `register` has none."""
    verdict = gate.decide(run)
    if not verdict.passed:
        run.client.set_terminated(run.id, "FINISHED")
    found = run.recorded().data.metrics
    tried = {name: int(found[name]) for name in (tries.SAME, tries.SIMILAR)}
    shares = missing.notable(missing.of_metrics(found))
    word = gate.PASSED if verdict.passed else gate.REFUSED
    return {"gate": word, "reason": verdict.reason, **tried, "missing": shares}


def register_champion(run: TrainingRun) -> Evidence:
    version = register.register(run)
    run.client.set_terminated(run.id, "FINISHED")
    return {"registered_model": run.contract.registered_model.name, "model_version": version}


def _begin_on_data(workspace: Workspace, model_name: str) -> TrainingRun:
    """No run of MLflow's is begun while there is nothing to train on."""
    warehouse.require_rows(workspace, dataset.tables(workspace.model(model_name)))
    return begin(workspace, model_name)


def _step(find: Callable[[Workspace, str], TrainingRun], work: Work) -> ModelStep:
    """`work` on the shared run, which fails if it does."""

    @functools.wraps(work)
    def step(workspace: Workspace, model_name: str) -> Evidence:
        with tracking.failures(workspace):
            run = find(workspace, model_name)
            run.client.update_run(run.id, status="RUNNING")
            try:
                return {**run.evidence(), **work(run)}
            except BaseException as error:
                # A dead server must not hide the original error.
                with contextlib.suppress(MlflowException):
                    run.client.set_terminated(run.id, "FINISHED" if isinstance(error, Skipped) else "FAILED")
                raise

    return step


STEPS: dict[str, ModelStep] = {
    "pull_features": _step(_begin_on_data, pull_features),
    "train": _step(resume, train),
    "evaluate": _step(resume, evaluate_candidate),
    "gate": _step(resume, pass_gate),
    "register": _step(resume, register_champion),
}
