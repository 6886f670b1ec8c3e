"""Shutting down without dropping a request: first the API asks its callers to use new connections.

Uvicorn closes idle connections at once, and a caller that is sending on one cannot know whether the request
was accepted. So for a moment each response closes its connection and /readyz reports not ready; only then
Uvicorn gets the signal. Where another process follows on the same socket (`handover`), this one stops
accepting first, and nobody is in a hurry: connections end as they are answered, idle ones when they would
anyway.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from types import FrameType

import uvicorn

from mlops_runtime.serving import handover
from mlops_runtime.serving.passing import passing
from mlops_runtime.serving.protocol import HEAD_SECONDS

SECONDS = 1.0
#: Uvicorn ends a connection that has been idle for 5 s, `TimedProtocol` one without a whole head.
FOLLOWED_SECONDS = HEAD_SECONDS + 1
_LOOK_SECONDS = 0.05
_begun = threading.Event()


def begun() -> bool:
    return _begun.is_set()


def install() -> uvicorn.Server | None:
    """Handles SIGTERM before Uvicorn in this worker, and returns its server. A thread gets no signals."""
    if threading.current_thread() is not threading.main_thread():
        return None
    before = signal.getsignal(signal.SIGTERM)
    # Uvicorn's handler is a method of its server, to which a worker has no other way.
    server = getattr(before, "__self__", None)
    loop = asyncio.get_running_loop()
    leaving: uvicorn.Server | None = None  # where another process follows

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal leaving
        if not callable(before):
            raise SystemExit(0)
        if begun():
            if leaving is None:
                before(number, frame)  # a second signal does not wait
            return
        _begun.set()
        loop.call_soon_threadsafe(passing.end)
        if isinstance(server, uvicorn.Server) and handover.is_followed():
            leaving = server
            asyncio.run_coroutine_threadsafe(handover.leave(server), loop)
        else:
            handover.keep()

        def wait() -> None:
            time.sleep(SECONDS)
            last = time.monotonic() + FOLLOWED_SECONDS - SECONDS
            while leaving and leaving.server_state.connections and time.monotonic() < last:
                time.sleep(_LOOK_SECONDS)
            before(number, frame)

        threading.Thread(target=wait, daemon=True).start()

    signal.signal(signal.SIGTERM, end)
    return server if isinstance(server, uvicorn.Server) else None
