"""Runs one model's API until SIGTERM."""

from __future__ import annotations

import os

import uvicorn
from fastapi import FastAPI

from mlops_runtime.environment import Workspace
from mlops_runtime.logs import ecs
from mlops_runtime.serving import handover, metrics
from mlops_runtime.serving.app import create_app
from mlops_runtime.serving.protocol import CONNECTIONS

DRAIN_SECONDS = 10
HUNG_SECONDS = 60
_MODEL = "MLOPS_SERVED_MODEL"  # how the model's name reaches uvicorn's worker processes


def serve(workspace: Workspace, model: str) -> None:
    """Serves on the endpoint's host and port. After SIGTERM, requests in flight are still answered."""
    endpoint = workspace.endpoint(model)
    ecs.configure(f"serving-{model}")
    os.environ.update({_MODEL: model, "MLOPS_ROOT": str(workspace.root), "MLOPS_ENV": workspace.name})
    if endpoint.workers > 1:
        metrics.prepare_workers(workspace.state / "metrics" / f"serving-{model}")
    config = uvicorn.Config(
        "mlops_runtime.serving.server:app_from_environment",
        factory=True,
        host=endpoint.host,
        port=endpoint.port,
        workers=endpoint.workers,
        log_config=None,
        access_log=False,  # AccessLog's lines also have the model's version
        server_header=False,
        proxy_headers=False,  # the callers' addresses are not used
        http="mlops_runtime.serving.protocol:TimedProtocol",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        # A worker that is slow because the next process starts beside it is not to be killed for that.
        timeout_worker_healthcheck=HUNG_SECONDS,
    )
    handover.run(config)


def app_from_environment() -> FastAPI:
    model = os.environ[_MODEL]
    ecs.configure(f"serving-{model}")
    return create_app(Workspace.open(), model)
