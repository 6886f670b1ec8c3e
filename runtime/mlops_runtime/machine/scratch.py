"""Temporary folders that do not outlive their process for long, however it ends."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_LOCK = ".lock"
_UNLOCKED_SECONDS = 3600  # so long after it was made, a folder without a lock is nobody's


@contextmanager
def folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder `<name>-…` of our own. Those of processes that were killed are removed first."""
    for old in parent.glob(f"{name}-*"):
        if _is_abandoned(old):
            shutil.rmtree(old, ignore_errors=True)
    with TemporaryDirectory(prefix=f"{name}-", dir=parent) as made, (Path(made) / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # which the kernel releases when we die
        yield Path(made)


def _is_abandoned(old: Path) -> bool:
    try:
        with (old / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return old.is_dir() and time.time() - old.stat().st_mtime > _UNLOCKED_SECONDS
    except OSError:
        return False  # its process lives
