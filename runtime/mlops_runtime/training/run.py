"""The MLflow run of a training, and what is written to it and read from it."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace


@dataclass(frozen=True)
class TrainingRun:
    workspace: Workspace
    client: MlflowClient
    model: contracts.Model
    contract: contracts.Tracking
    id: str
    experiment_id: str

    def recorded(self) -> Run:
        """The run as MLflow has it now."""
        return self.client.get_run(self.id)

    def tag(self, name: str) -> str | None:
        value: str | None = self.recorded().data.tags.get(name)
        return value

    def set_tags(self, tags: Mapping[str, str]) -> None:
        self.client.log_batch(self.id, tags=[RunTag(name, value) for name, value in tags.items()])

    def log_params(self, params: Mapping[str, Any]) -> None:
        written = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        self.client.log_batch(self.id, params=[Param(name, value) for name, value in written.items()])

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        now = int(time.time() * 1000)
        self.client.log_batch(self.id, [Metric(name, value, now, 0) for name, value in metrics.items()])

    def log_text(self, text: str, path: str) -> None:
        self.client.log_text(self.id, text, path)

    @contextmanager
    def artifact(self, path: str) -> Iterator[Path]:
        """A local copy of the artifact, which is deleted after the block."""
        with downloaded(self.client, self.id, path) as copy:
            yield copy

    @property
    def url(self) -> str | None:
        uri = self.workspace.tracking_uri
        if not uri.startswith("http"):
            return None
        return f"{uri.rstrip('/')}/#/experiments/{self.experiment_id}/runs/{self.id}"

    def evidence(self) -> dict[str, Any]:
        return {"model": self.model.model, "mlflow_run_id": self.id, "mlflow_url": self.url}


@contextmanager
def downloaded(client: MlflowClient, run_id: str, path: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        yield Path(client.download_artifacts(run_id, path, folder))
