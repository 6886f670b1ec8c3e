"""The training set: labelled rows of a pinned snapshot with the features at their prediction time.

Its columns are the join keys, the model's inputs, `_label`, `_label_timestamp`, `_predicted_at` and the
split's `_side`. It is kept as a Parquet artifact of the training run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import durable
from mlops_runtime.tables import warehouse
from mlops_runtime.training import inputs, missing
from mlops_runtime.training.inputs import Floats
from mlops_runtime.training.run import TrainingRun
from mlops_runtime.training.split import HOLDOUT, TRAIN, is_old, require_enough, split

LABEL, LABEL_TIMESTAMP, PREDICTED_AT, SIDE = "_label", "_label_timestamp", "_predicted_at", "_side"
_FOLDER, _FILE = "training_set", "training_set.parquet"


@dataclass(frozen=True)
class Side:
    """Rows to train on or to evaluate with, and their labels, a number per row."""

    rows: pd.DataFrame  # inputs among other columns
    labels: Floats


@dataclass(frozen=True)
class TrainingSet:
    frame: pd.DataFrame
    counts: dict[str, int]
    missing: dict[str, float]  # input → share of the labelled rows that lack it

    def side(self, name: str) -> Side:
        rows = self.frame[self.frame[SIDE] == name].reset_index(drop=True)
        return Side(rows, rows[LABEL].to_numpy(dtype=np.float64))


def tables(model: contracts.Model) -> list[str]:
    """The tables that the training set is made of, sorted."""
    return sorted({model.label.table, *(feature.table for feature in model.features)})


def build(
    workspace: Workspace, model: contracts.Model, digests: Mapping[str, str], now: datetime
) -> TrainingSet:
    """The training set from these snapshots (table → digest), as known at `now`.

    Labels of a later time are left out: one row dated wrongly would otherwise be the whole holdout. Raises
    `PlatformError` if the set is too small.
    """
    table = _labelled_table(workspace, model, digests[model.label.table])
    known = table[table[model.label.timestamp] <= now]
    # Before the join: what is too old to be trained on is neither joined nor counted as missing.
    rows = known[~is_old(model, known[model.label.timestamp], known[model.label.column].notna())]
    rows = rows.reset_index(drop=True)
    found = inputs.assemble(workspace, model, rows, digests)
    labelled = rows[model.label.column].notna()
    asked = missing.Asked(model.label.table, rows[labelled], found[labelled])
    missing.require_some(workspace, model, asked, digests)
    kept = labelled & inputs.usable(model, found)
    frame = _frame(model, rows[kept], found[kept])
    frame[SIDE] = split(model, frame[LABEL_TIMESTAMP]) if len(frame) else pd.Series(dtype="object")
    require_enough(model, frame[SIDE], frame[LABEL], inputs.unusable(model, found[labelled]))
    counts = {
        "rows": len(table),
        "rows_ahead": len(table) - len(known),
        "rows_old": len(known) - len(rows),
        "rows_labelled": int(labelled.sum()),
        "rows_unusable": int(labelled.sum()) - len(frame),
        "rows_train": int((frame[SIDE] == TRAIN).sum()),
        "rows_holdout": int((frame[SIDE] == HOLDOUT).sum()),
    }
    return TrainingSet(frame, counts, missing.shares(found[labelled]))


def _labelled_table(workspace: Workspace, model: contracts.Model, digest: str) -> pd.DataFrame:
    columns = list(dict.fromkeys([*inputs.columns_needed(model), model.label.column]))
    return warehouse.read(workspace, model.label.table, digest, columns)


def _frame(model: contracts.Model, rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    frame = inputs.typed(model.inputs, found).reset_index(drop=True)
    for key in model.entities:
        frame[key.join_key] = rows[key.join_key].to_numpy()
    frame[LABEL] = _labels(model, rows[model.label.column])
    frame[LABEL_TIMESTAMP] = rows[model.label.timestamp].reset_index(drop=True)
    frame[PREDICTED_AT] = inputs.prediction_times(model, rows).reset_index(drop=True)
    return frame


def _labels(model: contracts.Model, values: pd.Series) -> Floats:
    """The labels as numbers; classes are 0 and 1. Raises `PlatformError` for other values."""
    label = f"{model.spec.file}: the label '{model.label.column}' of '{model.label.table}'"
    try:
        labels = values.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise PlatformError(f"{label} is not a number ({error}).") from None
    strange = np.setdiff1d(labels, (0.0, 1.0))
    if model.task == "classification" and len(strange):
        raise PlatformError(
            f"{label} is {strange[0]:g} in some rows, and a classifier distinguishes two classes: 0 and 1, "
            "or false and true."
        )
    return labels


def store(run: TrainingRun, training_set: TrainingSet) -> str:
    """Keeps the training set as an artifact of the run. The sha256 of its file."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        path = Path(folder) / _FILE
        training_set.frame.to_parquet(path, compression="zstd", index=False)
        run.client.log_artifact(run.id, str(path), _FOLDER)
        return durable.sha256(path)


def load(run: TrainingRun) -> TrainingSet:
    """The training set that `store` kept."""
    with run.artifact(f"{_FOLDER}/{_FILE}") as path:
        return TrainingSet(pd.read_parquet(path), {}, {})
