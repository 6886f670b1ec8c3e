"""How old the last good backup is, from `<state>/last-backup.json`, which `mlops backup` writes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring.metrics import MonitorMetrics, Row


def show_backups(workspace: Workspace, metrics: MonitorMetrics) -> None:
    last = _last(workspace.state / "last-backup.json")
    metrics.replace("mlops_backup_last_timestamp_seconds", [] if last is None else [last])
    monitor = workspace.environment.monitor
    within = None if monitor is None else monitor.backup_within_seconds
    metrics.tell("mlops_backup_within_seconds", within or 0)


def _last(path: Path) -> Row | None:
    """A damaged record is none: nobody knows of that backup any more."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        begun = datetime.fromisoformat(found["at"].replace("Z", "+00:00")).timestamp()
        return (("true" if found["encrypted"] is True else "false",), begun)
    except (FileNotFoundError, IsADirectoryError, ValueError, KeyError, TypeError, AttributeError):
        return None
