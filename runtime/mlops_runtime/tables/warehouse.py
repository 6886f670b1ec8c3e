"""Publishes and reads tables. Each has immutable snapshots, one of which is current.

Replacing `<table>.json` is the commit. After a crash before it, the old snapshot is still current. After a
crash behind it, `<table>.parquet` (which Feast reads) is outdated, and the next reader or writer updates it
under the lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from mlops_runtime import contracts, offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.machine import durable
from mlops_runtime.tables import frames, quality, snapshots
from mlops_runtime.tables.partitions import Partition, Since


@dataclass(frozen=True)
class Snapshot:
    """The current snapshot, as `warehouse/<table>.json` describes it."""

    table: str
    digest: str
    rows: int
    previous: str | None
    published_by: str
    warned: tuple[str, ...] = ()  # rules that its rows broke, and that hold nothing back

    def summary(self) -> dict[str, Any]:
        """For a step's evidence."""
        warnings = {"warnings": list(self.warned)} if self.warned else {}
        return {"rows": self.rows, "digest": self.digest, **warnings}


def publish(
    workspace: Workspace,
    table: str,
    frame: pd.DataFrame,
    writer: str,
    mode: contracts.Mode = "replace",
    partition: Partition | Since | None = None,
) -> Snapshot:
    """Publishes the frame: it replaces all rows (`replace`), is added (`append`), or replaces its partitions.

    Writers wait for each other. Publishing the current rows again changes nothing. `append` is for steps that
    produce each row once: a repeated step appends again. `overwrite_partition` needs a `partition`, which
    says which rows are replaced. Raises `PlatformError` as `frames.conform` does.
    """
    return publish_all(workspace, {table: frame}, writer, mode, partition)[table]


def publish_all(
    workspace: Workspace,
    tables: Mapping[str, pd.DataFrame],
    writer: str,
    mode: contracts.Mode = "replace",
    partition: Partition | Since | None = None,
) -> dict[str, Snapshot]:
    """As `publish`, all tables or, where a view's rules hold one back, none."""
    with ExitStack() as locks:
        for table in sorted(tables):
            locks.enter_context(durable.lock(_lock_file(workspace, table)))
        drafts = {
            table: _draft(workspace, table, frame, writer, mode, partition) for table, frame in tables.items()
        }
        return {
            table: _commit(workspace, table, rows, writer, warned) for table, (rows, warned) in drafts.items()
        }


def _draft(
    workspace: Workspace,
    table: str,
    frame: pd.DataFrame,
    writer: str,
    mode: contracts.Mode,
    partition: Partition | Since | None,
) -> tuple[pa.Table, tuple[str, ...]]:
    """The table as it would be, and the rules that it breaks all the same.

    Raises `PlatformError` if it must not be published.
    """
    contract = workspace.table(table)
    rows = whole = frames.conform(contract, frame, writer)
    old = _committed(workspace, table)
    if old is not None and mode != "replace":
        kept = snapshots.rows_of(_file(workspace, old), table)
        if mode == "overwrite_partition":
            assert partition is not None  # the schema of a step demands it
            kept = partition.outside(kept, rows, table)
        whole = frames.sort(pa.concat_tables([kept, rows], promote_options="permissive"), contract)
    what = f"'{table}' of {writer}"
    return whole, quality.require(contract.rules, rows, whole, workspace.now(), what)


def _commit(
    workspace: Workspace, table: str, rows: pa.Table, writer: str, warned: tuple[str, ...]
) -> Snapshot:
    old = _committed(workspace, table)
    digest = snapshots.write(workspace, table, rows)
    if old is not None and old.digest == digest:
        if old.warned != warned:  # the rules have changed, or the newest window has
            _describe(workspace, replace(old, warned=warned))
        return _recover(workspace, table) or old  # what Feast reads is the file written just now
    if offline.is_used(workspace):  # before the commit: a table that cannot be loaded is not published
        offline.load(workspace, table, digest, snapshots.file_of(workspace, table, digest))
    new = Snapshot(table, digest, rows.num_rows, old.digest if old else None, writer, warned)
    _describe(workspace, new)
    _show(workspace, table, digest)
    _prune(workspace, table, digest)
    return new


def _describe(workspace: Workspace, current: Snapshot) -> None:
    durable.write(_current_file(workspace, current.table), (json.dumps(asdict(current)) + "\n").encode())


def warnings(workspace: Workspace, digests: Mapping[str, str]) -> dict[str, list[str]]:
    """Table → the rules that its rows break, where its snapshot (table → digest) is still the current one."""
    found = {table: _published(workspace, table) for table in digests}
    return {
        table: list(each.warned)
        for table, each in found.items()
        if each is not None and each.warned and each.digest == digests[table]
    }


def require_sound(workspace: Workspace, table: str, view: str) -> None:
    """Raises `PlatformError` if the current rows break a rule that keeps the view from going online."""
    rules = [each for each in workspace.table(table).rules if each.view == view]
    found = _published(workspace, table)
    if found is not None and any(each.on_failure == "stop" for each in rules):
        rows = snapshots.rows_of(snapshots.find(workspace, table, found.digest), table)
        quality.require(rules, rows, rows, workspace.now(), f"what is to come online of '{view}'")


def fold_stream(workspace: Workspace, table: str) -> Snapshot:
    """The current snapshot; of a streamed table, one that also has what its events tell.

    Training and scoring identify their data by digest, and a stream's table changes all the time. What is
    current stays what the pipeline published: a state merged of events must not pass for a row of it.
    """
    found = _published(workspace, table)
    if not (offline.is_used(workspace) and offline.has_unfolded(workspace, table)):
        return found or current(workspace, table)
    writer = f"stream of {table}"
    rows = frames.conform(workspace.table(table), offline.read(workspace, table), writer)
    with durable.lock(_lock_file(workspace, table)):
        digest = snapshots.write(workspace, table, rows)
        offline.load(workspace, table, digest, snapshots.file_of(workspace, table, digest))
        _prune(workspace, table, found.digest if found else digest)
    return Snapshot(table, digest, rows.num_rows, found.digest if found else None, writer)


def current(workspace: Workspace, table: str) -> Snapshot:
    """The current snapshot. Raises `Skipped` while its writer has not published the table.

    A first `up` starts whatever is due, also before its data is there. Without a writer there never will be
    any, which is a `PlatformError`.
    """
    found = _published(workspace, table)
    if found is None:
        writer = workspace.table(table).writer
        if writer is None:
            raise PlatformError(f"The table '{table}' was never published; no step writes it.")
        raise Skipped(
            f"The table '{table}' was never published, so there is nothing to work on yet; "
            f"run the pipeline '{writer.pipeline}', whose step '{writer.step}' writes it."
        )
    return found


def require_rows(workspace: Workspace, tables: Iterable[str]) -> None:
    """Raises `Skipped` while one of the tables has no rows yet."""
    for table in tables:
        if offline.is_used(workspace) and offline.has_unfolded(workspace, table):
            continue
        if current(workspace, table).rows == 0:
            raise Skipped(f"The table '{table}' has no rows yet, so there is nothing to work on.")


def read(
    workspace: Workspace, table: str, digest: str | None = None, columns: list[str] | None = None
) -> pd.DataFrame:
    """The rows of a snapshot, by default the current one; timestamps are in UTC.

    Raises `PlatformError` if the snapshot is gone or damaged.
    """
    digest = digest or current(workspace, table).digest
    return frames.to_pandas(snapshots.rows_of(snapshots.find(workspace, table, digest), table, columns))


def pin(workspace: Workspace, table: str, digest: str, reason: str) -> None:
    """Keeps the snapshot for good. `reason` is what needs it, such as a training run."""
    with durable.lock(_lock_file(workspace, table)):
        path = snapshots.find(workspace, table, digest).with_suffix(".pinned")
        reasons = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        durable.write(path, "".join(f"{line}\n" for line in dict.fromkeys([*reasons, reason])).encode())


def _published(workspace: Workspace, table: str) -> Snapshot | None:
    with durable.lock(_lock_file(workspace, table)):
        return _recover(workspace, table)


def _recover(workspace: Workspace, table: str) -> Snapshot | None:
    """The committed snapshot, or None. Completes a publication that was interrupted after its commit."""
    found = _committed(workspace, table)
    if found is not None:
        _file(workspace, found)
        _show(workspace, table, found.digest)
    return found


def _committed(workspace: Workspace, table: str) -> Snapshot | None:
    path = _current_file(workspace, table)
    return _parsed(path) if path.exists() else None


def _file(workspace: Workspace, current: Snapshot) -> Path:
    """The current snapshot's file. Raises `PlatformError` if it is missing, which nothing of ours causes."""
    path = snapshots.file_of(workspace, current.table, current.digest)
    if not path.is_file():
        raise PlatformError(
            f"{path}, the current snapshot of '{current.table}', is missing. Restore it from a backup, or "
            f"run the step {current.published_by} again; where that adds to what is there, first delete "
            f"{_current_file(workspace, current.table)}."
        )
    return path


def _show(workspace: Workspace, table: str, digest: str) -> None:
    """Makes Feast read this snapshot: from the file with the table's name, and from PostgreSQL's view."""
    file = snapshots.find(workspace, table, digest)
    published = workspace.warehouse / f"{table}.parquet"
    if not (published.exists() and published.samefile(file)):
        durable.link(file, published)
    if offline.is_used(workspace):
        offline.publish(workspace, table, digest, file)


def _parsed(path: Path) -> Snapshot:
    try:
        found = Snapshot(**json.loads(path.read_bytes()))
        return replace(found, warned=tuple(found.warned))
    except (ValueError, TypeError):
        raise PlatformError(
            f"{path} is damaged, so it is not known which snapshot is current. Restore it from a backup, or "
            f"delete it and run the step that writes '{path.stem}' again; the snapshots are kept."
        ) from None


def _prune(workspace: Workspace, table: str, digest: str) -> None:
    files = (workspace.warehouse / "snapshots" / table).glob("*.parquet")
    newest_first = sorted(
        files, key=lambda path: (path.stem == digest, path.stat().st_mtime_ns), reverse=True
    )
    for path in newest_first[snapshots.KEPT :]:
        if not path.with_suffix(".pinned").exists():
            path.unlink()
            if offline.is_used(workspace):
                offline.drop(workspace, table, path.stem)


def _current_file(workspace: Workspace, table: str) -> Path:
    return workspace.warehouse / f"{table}.json"


def _lock_file(workspace: Workspace, table: str) -> Path:
    return workspace.warehouse / "snapshots" / table / ".lock"
