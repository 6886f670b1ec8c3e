"""Scored rows in the prediction log, beside those of the online API (docs/contracts.md)."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, MISSING, PREDICTION, VERSION
from mlops_runtime.predictions.folder import folder_of, make_room, masked
from mlops_runtime.training import inputs
from mlops_runtime.training.inputs import Floats


def write_batch(
    workspace: Workspace,
    model: contracts.Model,
    rows: pd.DataFrame,
    found: pd.DataFrame,
    predicted: Floats,
    version: str,
) -> None:
    """Writes one file per scoring; scoring the same rows again replaces it.

    `found` holds the inputs of `rows`, and `predicted` one number per row.
    """
    frame = inputs.typed(model.inputs, found).reset_index(drop=True)
    lacking = inputs.missing_features(model, found)
    for name, mask in model.masks.items():
        frame[name] = [masked(value, mask) for value in frame[name]]
    for key in model.entities:
        frame[key.join_key] = rows[key.join_key].to_numpy()
    frame[AT] = inputs.prediction_times(model, rows).reset_index(drop=True)
    frame[LABEL_TIMESTAMP] = rows[model.label.timestamp].reset_index(drop=True)
    frame[VERSION] = version
    frame[MISSING] = pd.Series(lacking, dtype="object")
    frame[PREDICTION] = predicted
    folder = folder_of(workspace, model.model)
    folder.mkdir(parents=True, exist_ok=True)
    day = workspace.now().date()  # of writing, which is never before that of the predictions
    with tempfile.NamedTemporaryFile(dir=folder.parent, suffix=".parquet", delete=False) as draft:
        frame.to_parquet(draft, compression="zstd", index=False)
    digest = hashlib.sha256(Path(draft.name).read_bytes()).hexdigest()[:12]
    Path(draft.name).replace(folder / f"{day.isoformat()}-batch-{digest}.parquet")
    make_room(folder, day, model.log)  # how many rows are scored is the team's own choice, so all are logged
