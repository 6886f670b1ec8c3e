"""Evaluates candidate, naive baseline and champion on the same holdout rows."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.training import metrics, predictor
from mlops_runtime.training.dataset import Side, TrainingSet
from mlops_runtime.training.inputs import Floats
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.split import HOLDOUT, TRAIN
from mlops_runtime.training.verdict import BASELINE, CANDIDATE, CHAMPION

_FOLDER, _FILE = "evaluation", "holdout_predictions.parquet"


@dataclass(frozen=True)
class Evaluation:
    predictions: dict[str, Floats]  # by prefix
    metrics: dict[str, float]  # `<prefix>_<metric>`
    champion_version: str | None
    champion_unasked: str | None  # one sentence on why there is no prediction of the champion's


def evaluate(run: TrainingRun, training_set: TrainingSet, model_id: str) -> Evaluation:
    """Evaluates the model at `model_uri`, beside the champion if that still has its inputs."""
    holdout = training_set.side(HOLDOUT)
    predictions = {
        CANDIDATE: predictor.load_trained(run.workspace, model_id).predict(holdout.rows),
        BASELINE: naive(run.model, training_set.side(TRAIN), len(holdout.labels)),
    }
    champion, unasked = _other_champion(run), None
    if champion is not None:
        try:
            predictions[CHAMPION] = champion_predictions(run.workspace, champion, holdout)
        except Unasked as reason:
            unasked = str(reason)
    return Evaluation(
        predictions,
        measure(run.model, holdout, predictions),
        str(champion.version) if champion is not None else None,
        unasked,
    )


def naive(model: contracts.Model, train: Side, rows: int) -> Floats:
    """The naive baseline's predictions: the same constant for each of `rows` rows."""
    return np.full(rows, metrics.baseline(model.train.metric, train.labels))


def measure(model: contracts.Model, holdout: Side, predictions: dict[str, Floats]) -> dict[str, float]:
    """Every metric of every prediction, as `<prefix>_<metric>`."""
    return {
        f"{prefix}_{name}": value
        for prefix, predicted in predictions.items()
        for name, value in metrics.measure(model.task, holdout.labels, predicted).items()
    }


class Unasked(PlatformError):
    """The champion does not understand the inputs that the model has now, or is none of ours."""


def champion_predictions(workspace: Workspace, champion: Any, holdout: Side) -> Floats:
    """The champion's predictions from the inputs that it was logged with, a number per holdout row.

    Raises `Unasked` if one of these inputs is gone or has another type, or if its files are not those that
    were registered: a version that somebody has put there must not keep the next right one away.
    """
    try:
        loaded = predictor.load_version(workspace, champion.name, str(champion.version))
        return loaded.predict(holdout.rows)
    except PlatformError as error:
        raise Unasked(
            f"The champion, version {champion.version} of '{champion.name}', cannot be asked any more and "
            f"holds nothing back. {error}"
        ) from None


def store_predictions(run: TrainingRun, predicted: Floats) -> None:
    """Keeps the candidate's predictions on the holdout, with which later predictions are compared."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        path = Path(folder) / _FILE
        pd.DataFrame({"prediction": predicted}).to_parquet(path, compression="zstd", index=False)
        run.client.log_artifact(run.id, str(path), _FOLDER)


def stored_predictions(run: TrainingRun) -> pd.Series | None:
    """The predictions that `store_predictions` kept, or None for a run without them."""
    if not any(each.path == f"{_FOLDER}/{_FILE}" for each in run.client.list_artifacts(run.id, _FOLDER)):
        return None
    with run.artifact(f"{_FOLDER}/{_FILE}") as path:
        return pd.read_parquet(path)["prediction"]


def _other_champion(run: TrainingRun) -> Any | None:
    """The champion, unless it is this run's own: a repeated evaluation must not compare it with itself."""
    champion = tracking.champion(run.client, run.contract)
    return None if champion is None or champion.run_id == run.id else champion
