"""Where the prediction log of a model is, and how much of it is kept."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace


def folder_of(workspace: Workspace, model: str) -> Path:
    return workspace.state / "predictions" / model


def make_room(folder: Path, today: date, limits: contracts.LogLimits) -> bool:
    """Deletes whole days: those before `keep_days`, then the oldest while there is more than `max_bytes`.

    Today's files stay. Returns whether there is room for more. Names of files begin with the day, so they
    sort by it; other workers may delete the same.
    """
    oldest = (today - timedelta(days=limits.keep_days)).isoformat()
    sizes = {path: size for path in sorted(folder.iterdir()) if (size := _size(path)) is not None}
    total = sum(sizes.values())
    for path, size in sizes.items():
        day = path.name[:10]
        if day >= today.isoformat() or (day >= oldest and total < limits.max_bytes):
            break
        path.unlink(missing_ok=True)
        total -= size
    return total < limits.max_bytes


def _size(path: Path) -> int | None:
    """Bytes; None of one that somebody else has just deleted."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def masked(value: Any, mask: contracts.Mask) -> Any:
    """The value as the log may hold it: as it is, hashed (which still shows equal values), or dropped."""
    if mask is None or value is None:
        return value
    return hashlib.sha256(str(value).encode()).hexdigest()[:16] if mask == "hash" else None
