"""Each replica of a model's online API: it is ready, and serves the version that its alias points to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import answers
from mlops_runtime.live.state import Change, State
from mlops_runtime.metrics.families import families


def desired(workspace: Workspace) -> State:
    """Before a first champion an API answers, and is not ready."""
    client = tracking.connect(workspace)
    state: State = {}
    with tracking.failures(workspace):
        for api in workspace.services().apis:
            name = workspace.tracking(api.model).registered_model.name
            version = tracking.aliased(client, name, api.alias)
            served = None if version is None else str(version.version)
            for address in api.addresses:
                state[_address(api.model, address)] = _state(served is not None, served)
    return state


def observe(workspace: Workspace) -> State:
    info = families("serving")["modelInfo"].name
    state: State = {}
    for api in workspace.services().apis:
        for address in api.addresses:
            ready = answers.is_ready(address)
            if ready is not None:
                served = [labels["version"] for labels, value in answers.samples(address, info) if value == 1]
                state[_address(api.model, address)] = _state(ready, ", ".join(sorted(served)) or None)
    return state


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: an API takes over its champion by itself."""
    named = ", ".join(change.name for change in changes)
    raise PlatformError(f"`mlops logs` says why {named} did not take over the champion.")


def _state(ready: bool, version: str | None) -> dict[str, Any]:
    return {"ready": ready, "version": version}


def _address(model: str, address: str) -> str:
    return f"serving/api/{model}/{answers.place(address)}"
