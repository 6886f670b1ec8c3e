"""The consumer of each streamed view: it has its partitions, and both stores take what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import answers
from mlops_runtime.live.state import Change, State


def desired(workspace: Workspace) -> State:
    return {name: {"ready": True} for name in _addresses(workspace)}


def observe(workspace: Workspace) -> State:
    found = {name: answers.is_ready(address) for name, address in _addresses(workspace).items()}
    return {name: {"ready": ready} for name, ready in found.items() if ready is not None}


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: a consumer that waits goes on by itself once what it waits for is there."""
    named = ", ".join(change.name for change in changes)
    raise PlatformError(f"/readyz of {named} says what it waits for.")


def _addresses(workspace: Workspace) -> dict[str, str]:
    return {
        f"streaming/consumer/{each.view}/{answers.place(address)}": address
        for each in workspace.services().consumers
        for address in each.addresses
    }
