"""A small API on what the product's own APIs hand over and drain with: `rolled_api.py PORT WORKERS`.

It is ready unless `models/m/waits.txt` names a file that is not there.
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

# The package itself imports Feast, which takes seconds, and this API has no features.
serving = sys.modules["mlops_runtime.serving"] = ModuleType("mlops_runtime.serving")
serving.__path__ = [str(Path(mlops_runtime.__file__).parent / "serving")]

drain = importlib.import_module("mlops_runtime.serving.drain")
handover = importlib.import_module("mlops_runtime.serving.handover")

ROOT = Path(os.environ["MLOPS_ROOT"])
drain.FOLLOWED_SECONDS = 60.0  # a caller that a busy machine holds up is still answered


def unready() -> str | None:
    stated = (ROOT / "models/m/waits.txt").read_text()
    return f"{stated} is not there" if stated and not Path(stated).exists() else None


async def app(
    scope: Any,
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    if scope["type"] == "lifespan":
        await receive()
        drain.install()
        await handover.turn(unready, int(os.environ["WORKERS"]), drain.begun)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(0.02)  # so that some are in flight whatever the moment
    status = 503 if scope["path"] == "/readyz" and unready() is not None else 200
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


if __name__ == "__main__":
    port, workers = map(int, sys.argv[1:])
    os.environ["WORKERS"] = str(workers)
    # Connections stay open: what ends one is the roll alone.
    handover.run(
        uvicorn.Config(
            "rolled_api:app",
            port=port,
            workers=workers,
            lifespan="on",
            timeout_keep_alive=3600,
            timeout_worker_healthcheck=60,
        )
    )
