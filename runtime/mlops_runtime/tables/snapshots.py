"""Snapshot files, which are immutable and named by the digest of their bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import durable

KEPT = 10
_verified: dict[Path, tuple[int, int, int]] = {}


def find(workspace: Workspace, table: str, digest: str) -> Path:
    """The snapshot's file. Raises `PlatformError` if it is no longer kept."""
    path = file_of(workspace, table, digest)
    if not path.is_file():
        raise PlatformError(
            f"The snapshot {digest[:12]} of '{table}' is not in {path.parent}: only the newest "
            f"{KEPT} and those that a training run recorded are kept."
        )
    return path


def rows_of(path: Path, table: str, columns: list[str] | None = None) -> pa.Table:
    """The file's rows. Raises `PlatformError` if it is damaged."""
    verify(path, table)
    try:
        return pq.read_table(path, columns=columns)
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise PlatformError(
            f"{path} is damaged ({reason}); run the step that writes '{table}' again."
        ) from None


def verify(path: Path, table: str) -> None:
    """Raises `PlatformError` unless the file has the bytes whose digest names it.

    A file is read for it once per process, as long as its size, time and inode stay the same.
    """
    found = path.stat()
    identity = (found.st_ino, found.st_size, found.st_mtime_ns)
    if _verified.get(path) == identity:
        return
    digest = durable.sha256(path)
    if digest != path.stem:
        raise PlatformError(
            f"{path} is damaged (its bytes have the digest {digest[:12]}, not the one in its name). Restore "
            f"it from a backup, or run the step that writes '{table}' again."
        )
    _verified[path] = identity


def write(workspace: Workspace, table: str, rows: pa.Table) -> str:
    """Writes the snapshot, and returns its digest (sha256 in hex).

    Settings are fixed and pandas' metadata is left out, so that the same rows give the same bytes.
    """
    folder = workspace.warehouse / "snapshots" / table
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / ".draft"  # the lock is held, so an existing draft belongs to a dead writer
    with draft.open("wb") as file:
        pq.write_table(
            rows.replace_schema_metadata(None),
            file,
            compression="zstd",
            compression_level=3,
            version="2.6",
            row_group_size=128 * 1024,
            use_dictionary=True,
            write_statistics=True,
        )
        file.flush()
        os.fsync(file.fileno())
    digest = durable.sha256(draft)
    draft.replace(file_of(workspace, table, digest))
    durable.sync_folder(folder)
    return digest


def file_of(workspace: Workspace, table: str, digest: str) -> Path:
    return workspace.warehouse / "snapshots" / table / f"{digest}.parquet"
