"""The alias of each model's champion, beside the version that the platform itself promoted last.

`register` and `mlops promote` both record on a version when they make it the champion. An alias that points
elsewhere was moved by somebody who asked neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlflow import MlflowClient

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State


def desired(workspace: Workspace) -> State:
    """The versions that were promoted last; of a model that never had one, nothing."""
    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        promoted = {name: _promoted(client, name) for name in _names(workspace)}
    return {_address(name): {"version": version} for name, version in promoted.items() if version is not None}


def observe(workspace: Workspace) -> State:
    client = tracking.connect(workspace)
    state: State = {}
    with tracking.failures(workspace):
        for contract in _contracts(workspace):
            version = tracking.champion(client, contract)
            # Of a registry that is older than the record, nothing can be said.
            if version is not None and _promoted(client, contract.registered_model.name) is not None:
                state[_address(contract.registered_model.name)] = {"version": str(version.version)}
    return state


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: a version is tried with all that serving needs before it is promoted."""
    named = ", ".join(change.name for change in changes)
    raise PlatformError(f"`mlops promote` moves the champion of {named}, which tries the version first.")


def _promoted(client: MlflowClient, name: str) -> str | None:
    escaped = name.replace("'", "''")
    versions = client.search_model_versions(f"name='{escaped}'", max_results=1000)
    at = tracking.PROMOTED_AT
    dated = [(each.tags[at], int(each.version)) for each in versions if at in each.tags]
    return str(max(dated)[1]) if dated else None


def _names(workspace: Workspace) -> list[str]:
    return [contract.registered_model.name for contract in _contracts(workspace)]


def _contracts(workspace: Workspace) -> list[contracts.Tracking]:
    """Without models of which this environment serves an alias of its own: no record says which moved."""
    own = workspace.environment.aliases
    return [workspace.tracking(name) for name in workspace.models() if name not in own]


def _address(name: str) -> str:
    return f"mlflow/champion/{name}"
