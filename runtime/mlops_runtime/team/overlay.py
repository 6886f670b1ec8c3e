"""Folders with their own dependencies: their steps run under a Python made from their lock file."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_MARK = "MLOPS_OVERLAY"  # set in a process that already runs under it


def python(workspace: Workspace, lock: str) -> Path:
    """The overlay's interpreter. Raises `PlatformError` if `mlops up` has not made it."""
    path = folder(workspace, lock) / "bin" / "python"
    if not path.exists():
        raise PlatformError(f"There is no Python environment for {lock} at {path}; `mlops up` creates it.")
    return path


def folder(workspace: Workspace, lock: str) -> Path:
    """The folder of the lock's overlay, which may not exist yet. Raises `PlatformError` without the lock."""
    file = workspace.root / lock
    if not file.is_file():
        raise PlatformError(f"The lock file {lock} does not exist, though a contract names it.")
    return workspace.envs / hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def enter(workspace: Workspace, lock: str | None, arguments: Sequence[str]) -> None:
    """Restarts this command under the overlay of `lock`, unless `lock` is None or it already runs there."""
    if lock is None:
        return
    interpreter = python(workspace, lock)
    if os.environ.get(_MARK) == str(interpreter):
        return
    runtime = str(Path(__file__).resolve().parents[2])
    paths = [runtime, *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = {**os.environ, _MARK: str(interpreter), "PYTHONPATH": os.pathsep.join(paths)}
    sys.stdout.flush()
    os.execve(interpreter, [str(interpreter), "-m", "mlops_runtime", *arguments], variables)
