"""Shutting down without dropping a request: first the API asks its callers to use new connections.

Uvicorn closes idle connections at once, and a caller that is sending on one cannot know whether the request
was accepted. So for a moment each response closes its connection and /readyz reports not ready; only then
Uvicorn gets the signal.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType

SECONDS = 1.0
_begun = threading.Event()


def begun() -> bool:
    return _begun.is_set()


def install() -> None:
    """Handles SIGTERM before Uvicorn in this worker. A thread, as in tests, gets no signals."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        if not callable(before):
            raise SystemExit(0)
        if begun():
            before(number, frame)  # a second signal does not wait
            return
        _begun.set()
        threading.Timer(SECONDS, before, [number, frame]).start()

    signal.signal(signal.SIGTERM, end)
