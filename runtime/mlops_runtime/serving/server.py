"""Runs one model's API until it is told to stop."""

from __future__ import annotations

import os
import threading
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from mlops_runtime.environment import Workspace
from mlops_runtime.serving import drain, log, metrics
from mlops_runtime.serving.app import create_app

DRAIN_SECONDS = 10
_MODEL = "MLOPS_SERVED_MODEL"  # how the model's name reaches uvicorn's worker processes


def serve(workspace: Workspace, model: str) -> None:
    """Serves on the endpoint's host and port. On SIGTERM, requests in flight are answered first."""
    endpoint = workspace.endpoint(model)
    log.configure(f"serving-{model}")
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
        access_log=False,  # ours carries the model's version
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = DrainingServer(config)
    if endpoint.workers > 1:
        Multiprocess(config, target=server.run, sockets=[config.bind_socket()]).run()
    else:
        server.run()


class DrainingServer(uvicorn.Server):
    """Told to end, it first asks its callers to come on new connections, for a moment.

    Uvicorn closes idle connections at once, and a caller who sends on one just then cannot know whether the
    request was taken.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if drain.begun():
            super().handle_exit(sig, frame)  # a second signal does not wait
            return
        drain.begin()
        threading.Timer(drain.SECONDS, super().handle_exit, [sig, frame]).start()


def app_from_environment() -> FastAPI:
    model = os.environ[_MODEL]
    log.configure(f"serving-{model}")
    return create_app(Workspace.open(), model)
