"""Whether this process was told to end: then it is not ready, and each answer closes its connection."""

from __future__ import annotations

import threading

SECONDS = 1.0
_begun = threading.Event()


def begin() -> None:
    _begun.set()


def begun() -> bool:
    return _begun.is_set()
