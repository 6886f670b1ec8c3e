"""Online values of a view that is registered no more, in SQLite: they stay until they are dropped by name."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from mlops_runtime.environment import Workspace
from mlops_runtime.features import store as feature_store


def count(workspace: Workspace, view: str) -> int:
    """The number of keys that have values of the view."""
    with _table(workspace, view) as opened:
        if opened is None:
            return 0
        connection, table = opened
        return int(connection.execute(f"SELECT count(DISTINCT entity_key) FROM {table}").fetchone()[0])


def remove(workspace: Workspace, view: str) -> None:
    with _table(workspace, view) as opened:
        if opened is not None:
            connection, table = opened
            connection.execute(f"DROP TABLE {table}")
            connection.commit()


@contextlib.contextmanager
def _table(workspace: Workspace, view: str) -> Iterator[tuple[sqlite3.Connection, str] | None]:
    """With the quoted name of the view's table; None where there is none."""
    config = feature_store.config(workspace)
    path = (workspace.feast_repository / config.online_store.path).resolve()
    if not path.is_file():
        yield None
        return
    name = f"{config.project}_{view}"
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        there = connection.execute(query, [name]).fetchone() is not None
        yield (connection, '"' + name.replace('"', '""') + '"') if there else None
