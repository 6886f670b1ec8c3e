"""A small API on what the product's own APIs hand over and drain with: `rolled_api.py PORT WORKERS`.

It is ready unless `models/m/waits.txt` names a file that is not there. As a canary it is tried as
`models/m/canary.json` says; it fails where there is `models/m/fails.txt`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import uvicorn

import mlops_runtime
from mlops_runtime import contracts

# The package itself imports Feast, which takes seconds, and this API has no features.
serving = sys.modules["mlops_runtime.serving"] = ModuleType("mlops_runtime.serving")
serving.__path__ = [str(Path(mlops_runtime.__file__).parent / "serving")]

drain = importlib.import_module("mlops_runtime.serving.drain")
handover = importlib.import_module("mlops_runtime.serving.handover")
canary = importlib.import_module("mlops_runtime.serving.canary")
passing = importlib.import_module("mlops_runtime.serving.passing").passing
protocol = importlib.import_module("mlops_runtime.serving.protocol")

ROOT = Path(os.environ["MLOPS_ROOT"])
drain.FOLLOWED_SECONDS = 60.0  # a caller that a busy machine holds up is still answered
protocol.HEAD_SECONDS = 3600.0  # connections stay open: what ends one is the roll alone
tried: Any = None  # the judgement of this worker while it is tried


def unready() -> str | None:
    stated = (ROOT / "models/m/waits.txt").read_text()
    return f"{stated} is not there" if stated and not Path(stated).exists() else None


def rollout() -> Any:
    stated = ROOT / "models/m/canary.json"
    return contracts.Rollout(**json.loads(stated.read_text())) if stated.exists() else None


async def app(
    scope: Any,
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await begin()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(0.02)  # so that some are in flight whatever the moment
    status = 503 if scope["path"] == "/readyz" and unready() is not None else 200
    if scope["method"] == "POST":
        status = 500 if (ROOT / "models/m/fails.txt").exists() else status
        if tried is not None:
            tried.answered(status, 0.02)
    headers = [
        (b"x-release", ROOT.name.encode()),
        (b"content-type", b"application/json"),
    ]
    if drain.begun():
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send(
        {
            "type": "http.response.body",
            "body": json.dumps({"pid": os.getpid()}).encode(),
        }
    )


async def begin() -> None:
    global tried
    server, workers = drain.install(), int(os.environ["WORKERS"])
    own = canary.of(rollout(), workers, server)
    tried = own.trial if own is not None else None
    await handover.turn(unready, workers, drain.begun, own)
    tried = None
    passing.offer()


if __name__ == "__main__":
    port, workers = map(int, sys.argv[1:])
    os.environ["WORKERS"] = str(workers)
    handover.run(
        uvicorn.Config(
            "rolled_api:app",
            port=port,
            workers=workers,
            http="mlops_runtime.serving.protocol:TimedProtocol",
            lifespan="on",
            timeout_keep_alive=3600,
            timeout_worker_healthcheck=60,
        )
    )
