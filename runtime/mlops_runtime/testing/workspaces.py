"""A checkout with state of its own for a while: what it publishes reaches nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mlops_runtime.environment import Workspace


def temporary(folder: Path, variables: Mapping[str, str]) -> Workspace:
    """The checkout of `MLOPS_ROOT`, with embedded stores below `folder`. Secrets come from `variables` alone.

    Raises `PlatformError` if the checkout was never compiled.
    """
    given = {
        **{name: os.environ[name] for name in ("MLOPS_ROOT", "MLOPS_ENV") if name in os.environ},
        **variables,
    }
    return apart(Workspace.open(given), folder)


def apart(workspace: Workspace, folder: Path) -> Workspace:
    """The same checkout and environment, whose tables lie below `folder`."""
    environment = workspace.environment.model_copy(
        update={
            "state": str(folder / "state"),
            "warehouse": str(folder / "warehouse"),
            "stores": "embedded",
            **dict.fromkeys(("postgres", "redis", "kafka", "monitor", "elasticsearch")),
        }
    )
    (folder / "state").mkdir(parents=True, exist_ok=True)
    return Workspace(workspace.root, environment, workspace.variables)
