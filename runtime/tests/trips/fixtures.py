"""Workspaces with a model, one a test, made from one that is built once."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.training.steps import STEPS
from trips import trip_delay

ALL_STEPS = ("pull_features", "train", "evaluate", "gate", "register")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a workspace with published tables, applied features and an empty MLflow database."""
    root = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        workspace = trip_delay.build_with_model(root, f"sqlite:///{root}/mlflow.db")
        trip_delay.publish_trips(workspace)
        tracking.connect(workspace).search_experiments()  # makes the database, which takes seconds
    return root


@pytest.fixture
def trips(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    root = tmp_path / "workspace"
    shutil.copytree(published, root)
    monkeypatch.chdir(root)  # MLflow puts the artifacts of a local database below the current folder
    uri = {"tracking_uri": f"sqlite:///{root}/mlflow.db"}
    trip_delay.change(Workspace.open({"MLOPS_ROOT": str(root)}), "local/runtime/environment.json", mlflow=uri)
    return in_airflow(Workspace.open({"MLOPS_ROOT": str(root)}), "first")


def in_airflow(workspace: Workspace, run_id: str) -> Workspace:
    """The same workspace as a task of that DAG run sees it."""
    variables = {"AIRFLOW_CTX_DAG_ID": "trip_delay_train", "AIRFLOW_CTX_DAG_RUN_ID": run_id}
    return dataclasses.replace(workspace, variables={**workspace.variables, **variables})


def run(workspace: Workspace, *steps: str) -> dict[str, Any]:
    """Runs the steps, all of a training by default; the last one's evidence."""
    evidence: dict[str, Any] = {}
    for step in steps or ALL_STEPS:
        evidence = STEPS[step](workspace, "trip_delay")
    return evidence


def champion_version(workspace: Workspace) -> str | None:
    found = tracking.champion(tracking.connect(workspace), contract(workspace))
    return str(found.version) if found else None


def contract(workspace: Workspace) -> contracts.Tracking:
    return workspace.tracking("trip_delay")


def tags(workspace: Workspace, run_id: str) -> dict[str, str]:
    found: dict[str, str] = tracking.connect(workspace).get_run(run_id).data.tags
    return found
