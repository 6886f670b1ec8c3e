"""Where the prediction log of a model is, and how long it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from mlops_runtime.environment import Workspace

KEPT = timedelta(days=92)


def folder_of(workspace: Workspace, model: str) -> Path:
    return workspace.state / "predictions" / model


def forget_old(folder: Path, today: date) -> None:
    """Files are called after their day: text sorts as days do."""
    oldest = (today - KEPT).isoformat()
    for path in folder.iterdir():
        if path.name[:10] < oldest:
            path.unlink(missing_ok=True)
