"""The monitor: each of its measurements has succeeded lately."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import answers
from mlops_runtime.live.state import Change, State
from mlops_runtime.metrics.families import families, values_of

LATELY_SECONDS = 900  # after which MonitorStuck fires, too


def desired(workspace: Workspace) -> State:
    return {
        _address(address, name): {"measures": True}
        for address in workspace.services().monitors
        for name in values_of("monitor")
    }


def observe(workspace: Workspace) -> State:
    success = families("monitor")["lastSuccess"].name
    return {
        _address(address, labels["monitor"]): {"measures": time.time() - at < LATELY_SECONDS}
        for address in workspace.services().monitors
        for labels, at in answers.samples(address, success)
    }


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: what a monitor cannot measure it tries again by itself."""
    named = ", ".join(change.name for change in changes)
    raise PlatformError(f"/readyz of the monitor says why it does not measure {named}.")


def _address(address: str, name: str) -> str:
    return f"monitor/{name}/{answers.place(address)}"
