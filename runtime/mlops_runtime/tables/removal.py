"""The files of a table whose rows nothing needs any more."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from mlops_runtime.environment import Workspace
from mlops_runtime.machine import durable


@dataclass(frozen=True)
class Kept:
    rows: int
    bytes: int
    written: float  # seconds since the epoch
    by: str | None
    runs: tuple[str, ...]  # that were trained on a snapshot, as `pin` has them


def kept(workspace: Workspace, table: str) -> Kept | None:
    """What is there of the table, also of one that was removed halfway."""
    files = [path for path in _files(workspace, table) if path.is_file()]
    # The table's own name is another one of its current snapshot's file.
    snapshots = [path for path in files if path.suffix == ".parquet" and path.parent != workspace.warehouse]
    if not files:
        return None
    rows, by = _published(workspace.warehouse / f"{table}.json")
    return Kept(
        rows,
        sum(path.stat().st_size for path in snapshots),
        max(path.stat().st_mtime for path in files),
        by,
        tuple(
            dict.fromkeys(
                line
                for path in files
                if path.suffix == ".pinned"
                for line in path.read_text(encoding="utf-8").splitlines()
            )
        ),
    )


def remove(workspace: Workspace, table: str) -> None:
    """First what says that it is published, so that nobody reads a half."""
    folder = workspace.warehouse / "snapshots" / table
    with durable.lock(folder / ".lock"):
        (workspace.warehouse / f"{table}.json").unlink(missing_ok=True)
        (workspace.warehouse / f"{table}.parquet").unlink(missing_ok=True)
        durable.sync_folder(workspace.warehouse)
        shutil.rmtree(folder)
    durable.sync_folder(folder.parent)


def _files(workspace: Workspace, table: str) -> list[Path]:
    """Without the lock, which looking makes, too."""
    named = [workspace.warehouse / f"{table}{suffix}" for suffix in (".json", ".parquet")]
    folder = workspace.warehouse / "snapshots" / table
    return [*named, *(path for path in folder.glob("*") if path.name != ".lock")]


def _published(path: Path) -> tuple[int, str | None]:
    """Rows and writer; of a damaged record neither is known."""
    try:
        found = json.loads(path.read_bytes())
        return int(found["rows"]), str(found["published_by"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0, None
