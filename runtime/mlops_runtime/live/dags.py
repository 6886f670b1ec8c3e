"""Airflow's DAGs as the monitor compares them: each is there, imported, switched on, and of this release.

`mlops deploy` and `mlops drift` look closer, at the source that was parsed (compiler/tools/airflow/live.ts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State
from mlops_runtime.stores.airflow import Airflow


def desired(workspace: Workspace) -> State:
    files = sorted((workspace.common / "airflow" / "dags").glob("*.py"))
    return {_address(file.stem): _state(False, True, workspace.release) for file in files}


def observe(workspace: Workspace) -> State:
    return {
        _address(dag["dag_id"]): _state(
            dag["is_paused"], not dag["has_import_errors"], workspace.release and dag["bundle_version"]
        )
        for dag in Airflow.of(workspace).dags()
    }


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: whoever paused a DAG had a reason, and a deploy waits for what is read."""
    named = ", ".join(change.name for change in changes)
    raise PlatformError(
        f"`mlops deploy` has {named} read again; what somebody paused is switched on in Airflow."
    )


def _state(paused: bool, imported: bool, release: str | None) -> dict[str, Any]:
    return {"paused": paused, "imported": imported, "release": release}


def _address(dag: str) -> str:
    return f"airflow/dag/{dag}"
