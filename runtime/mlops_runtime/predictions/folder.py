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
    """Files are called after their day: text sorts as days do."""
    oldest = (today - KEPT).isoformat()
    for path in folder.iterdir():
        if path.name[:10] < oldest:
            path.unlink(missing_ok=True)


def masked(value: Any, mask: contracts.Mask) -> Any:
    """As the log may hold it: a hash tells equal values from others, and nothing more of short secrets."""
    if mask is None or value is None:
        return value
    return hashlib.sha256(str(value).encode()).hexdigest()[:16] if mask == "hash" else None
