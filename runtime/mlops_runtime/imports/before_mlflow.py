"""Imports MLflow with the settings that tasks need."""

from __future__ import annotations

import importlib
import os
from importlib.metadata import EntryPoint

# By default MLflow retries a dead server for minutes, and reports usage to its makers.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
# Progress bars of artifact transfers, and links for people, are noise in a task's log.
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

from mlflow.utils import plugins


def _leave_feast_out() -> None:
    """Keeps MLflow's HTTP client from importing Feast, which would take five seconds in every task.

    Feast registers a provider of request headers with MLflow. It adds a token that MLflow reads from
    `MLFLOW_TRACKING_TOKEN` anyway, or else the Kubernetes service account's, which MLflow should not get.
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
