"""Tries a registered version as serving would, before it becomes champion."""

from __future__ import annotations

import numpy as np

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.training import predictor, signature


def require(workspace: Workspace, contract: contracts.Tracking, version: str) -> None:
    """Loads the version and predicts with it. Raises `PlatformError` where it could not serve."""
    name = contract.registered_model.name
    what = f"Version {version} of '{name}'"
    loaded = predictor.load_version(workspace, name, version)
    signature.require(contract, loaded.signature, what)
    _require_looked_up(workspace, contract.model, loaded.columns, what)
    if loaded.example is None:
        raise PlatformError(f"{what} has no input example to try it on; train it again.")
    predicted = loaded.predict(loaded.example)
    if len(predicted) != len(loaded.example) or not np.isfinite(predicted).all():
        raise PlatformError(
            f"{what} predicts {predicted.tolist()} for its input example; it is not promoted."
        )


def _require_looked_up(workspace: Workspace, model: str, columns: list[str], what: str) -> None:
    if not (workspace.common / "serving" / f"{model}.json").exists():
        return  # it has no API
    given = {each.name for each in workspace.serving(model).inputs}
    lacking = [name for name in columns if name not in given]
    if lacking:
        raise PlatformError(f"{what} needs {', '.join(lacking)}, which its compiled API does not look up.")
