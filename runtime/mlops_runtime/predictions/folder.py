"""Where the prediction log of a model is, and how long it is kept."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace

KEPT = timedelta(days=92)


def folder_of(workspace: Workspace, model: str) -> Path:
    return workspace.state / "predictions" / model


def forget_old(folder: Path, today: date) -> None:
    """Deletes files older than `KEPT`. Their names begin with the day, so they sort by it."""
    oldest = (today - KEPT).isoformat()
    for path in folder.iterdir():
        if path.name[:10] < oldest:
            path.unlink(missing_ok=True)


def masked(value: Any, mask: contracts.Mask) -> Any:
    """The value as the log may hold it: as it is, hashed (which still shows equal values), or dropped."""
    if mask is None or value is None:
        return value
    return hashlib.sha256(str(value).encode()).hexdigest()[:16] if mask == "hash" else None
