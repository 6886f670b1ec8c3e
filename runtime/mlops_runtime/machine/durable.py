"""Writes files so that a crash at any point leaves either the old or the new content."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Replaces the file's content, which is on disk when this returns."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)  # one that is there would keep its mode
    with open(draft, "wb", opener=lambda file, flags: os.open(file, flags, mode)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def link(source: Path, target: Path) -> None:
    """Makes `target` another name of the file `source`, replacing it in one rename."""
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    os.link(source, draft)
    # Renaming onto another name of the same file does nothing, and would leave the draft behind.
    if target.exists() and target.samefile(draft):
        draft.unlink()
    else:
        draft.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Makes renames durable: they are on disk only when their folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """The digest of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Waits for an exclusive lock between processes. The kernel releases it if its holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
