"""The view that Feast reads: the current snapshot, and what the stream's events make of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.offline import states
from mlops_runtime.offline.names import events_view, snapshot_table, states_view, stream_table
from mlops_runtime.offline.snapshots import load
from mlops_runtime.stores import postgres


def publish(workspace: Workspace, table: str, digest: str, file: Path) -> None:
    """Makes the view `table` show the snapshot. Idempotent, so that an interrupted call can be repeated."""
    load(workspace, table, digest, file)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if shown_digest(connection, table) != digest:
            show(workspace, connection, table, digest)


def read(workspace: Workspace, table: str) -> pd.DataFrame:
    """All rows of the table; where it is streamed, every state that was ever known."""
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        source = states_view(table) if postgres.exists(connection, states_view(table)) else table
        cursor = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(source)))
        names = [column.name for column in cursor.description or ()]
        # pandas would make floats of integers of which some are missing.
        frame = pd.DataFrame(cursor.fetchall(), columns=names, dtype=object)
    for column in workspace.table(table).columns:
        if column.type == "timestamp":
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
    return frame


def show(workspace: Workspace, connection: postgres.Connection, table: str, digest: str | None) -> None:
    """Replaces the views in one transaction: readers see either the old rows or the new ones."""
    streaming = workspace.stream_of(table)
    streamed = streaming is not None and postgres.exists(connection, stream_table(table))
    if digest is None and not streamed:
        return
    snapshot = snapshot_table(table, digest) if digest is not None else None
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.Identifier(table)))
    if streamed and streaming is not None:
        body = _streamed(connection, streaming, snapshot)
    else:
        body = sql.SQL("SELECT * FROM {}").format(sql.Identifier(snapshot or ""))
    _create(connection, table, body)
    comment = sql.SQL("COMMENT ON VIEW {} IS {}").format(sql.Identifier(table), sql.Literal(digest or ""))
    connection.execute(comment)


def _streamed(
    connection: postgres.Connection, contract: contracts.Streaming, snapshot: str | None
) -> sql.Composable:
    """Creates the views below, and returns the query of the table's own."""
    stream, events, known = (name(contract.table) for name in (stream_table, events_view, states_view))
    columns = _columns(connection, snapshot) if snapshot is not None else []
    for name in (known, events):
        connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.Identifier(name)))
    _create(connection, events, states.events(contract, snapshot, columns, stream))
    _create(connection, known, states.states(contract, snapshot, columns, stream, events))
    return states.newest(contract, known)


def _create(connection: postgres.Connection, name: str, body: sql.Composable) -> None:
    connection.execute(sql.SQL("CREATE VIEW {} AS {}").format(sql.Identifier(name), body))


def shown_digest(connection: postgres.Connection, table: str) -> str | None:
    """The digest of the snapshot that the view shows."""
    row = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", [postgres.qualified(table)]
    ).fetchone()
    return (row[0] or None) if row else None


def _columns(connection: postgres.Connection, name: str) -> list[str]:
    """The names, in order."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [postgres.qualified(name)],
    ).fetchall()
    return [str(column) for (column,) in rows]
