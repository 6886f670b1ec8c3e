"""Versions that no training of this environment has sealed, taken as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import mlflow

from mlops_runtime.environment import Workspace
from mlops_runtime.tracking import seals
from mlops_runtime.tracking.client import champion, connect, failures


def adopt(
    workspace: Workspace, name: str, version: str, require: Callable[[Path], None] | None = None
) -> None:
    """Seals the files that the connected MLflow has now, unless `require` raises. No code in them is run."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        files = Path(mlflow.artifacts.download_artifacts(f"models:/{name}/{version}", dst_path=folder))
        if require is not None:
            require(files)
        seals.adopt(workspace, name, version, files)


def adopt_champions(workspace: Workspace) -> list[str]:
    """Takes what serves in an environment that is older than seals, once; which those are, as texts.

    From then on a version serves only if training made it, or if somebody answers for it.
    """
    if seals.is_begun(workspace):
        return []
    client = connect(workspace)
    adopted = []
    with failures(workspace):
        for model in workspace.models():
            contract = workspace.tracking(model)
            found = champion(client, contract)
            name = contract.registered_model.name
            if found is not None and not seals.is_sealed(workspace, name, str(found.version)):
                adopt(workspace, name, str(found.version))
                adopted.append(f"{name} {found.version}")
    seals.begin(workspace)
    return adopted
