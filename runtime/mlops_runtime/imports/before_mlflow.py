"""Imports MLflow with the settings that a task of ours needs. Import this before `mlflow`."""

from __future__ import annotations

import importlib
import os
from importlib.metadata import EntryPoint

# MLflow's defaults keep trying a dead server for minutes, and report usage to its makers.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# Progress bars of artifact transfers, and links for people, are noise in a task's log.
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

from mlflow.utils import plugins


def _leave_feast_out() -> None:
    """Keeps the HTTP client from importing Feast, which takes five seconds of every task.

    Feast offers MLflow a provider of request headers: a token that MLflow reads from `MLFLOW_TRACKING_TOKEN`
    by itself, or else the Kubernetes service account's, which is not for MLflow's eyes.
    """
    every = plugins.get_entry_points

    def others(group: str) -> list[EntryPoint]:
        return [point for point in every(group) if not point.value.startswith("feast.")]

    plugins.get_entry_points = others
    try:
        importlib.import_module("mlflow.tracking.request_header.registry")
    finally:
        plugins.get_entry_points = every


_leave_feast_out()
