"""Ending without a dropped request: told to end, the API first asks its callers to come on new connections.

Uvicorn closes idle connections at once, and who sends on one just then cannot know whether the request was
taken. So for a moment each answer closes its connection and /readyz says no; only then Uvicorn hears of it.
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
    """Takes Uvicorn's place at SIGTERM, in this worker. In a thread (a test's) there are no signals."""
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
