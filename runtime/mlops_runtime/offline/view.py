"""The view that Feast reads: the current snapshot and the newer rows of the stream."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.offline.corrections import not_corrected, stream_only
from mlops_runtime.offline.names import snapshot_table, stream_table
from mlops_runtime.offline.snapshots import load
from mlops_runtime.stores import postgres


def publish(workspace: Workspace, table: str, digest: str, file: Path) -> None:
    """Makes the view `table` show the snapshot. Idempotent, so that an interrupted call can be repeated."""
    load(workspace, table, digest, file)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if shown_digest(connection, table) != digest:
            show(workspace, connection, table, digest)


def read(workspace: Workspace, table: str) -> pd.DataFrame:
    """All rows of the view, with the types of the table's contract."""
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        cursor = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        names = [column.name for column in cursor.description or ()]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
    for column in workspace.table(table).columns:
        if column.type == "timestamp":
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
    return frame


def show(workspace: Workspace, connection: postgres.Connection, table: str, digest: str | None) -> None:
    """Replaces the view in one transaction: readers see either the old rows or the new ones."""
    streaming = workspace.stream_of(table)
    streamed = streaming is not None and postgres.exists(connection, stream_table(table))
    if digest is None and not streamed:
        return
    snapshot = snapshot_table(table, digest) if digest is not None else None
    name = sql.Identifier(table)
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(name))
    body = _body(connection, snapshot, stream_table(table) if streamed else None, streaming)
    connection.execute(sql.SQL("CREATE VIEW {} AS {}").format(name, body))
    connection.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(name, sql.Literal(digest or "")))


def _body(
    connection: postgres.Connection,
    snapshot: str | None,
    stream: str | None,
    contract: contracts.Streaming | None,
) -> sql.Composable:
    if stream is None or contract is None:
        return sql.SQL("SELECT * FROM {}").format(sql.Identifier(snapshot or ""))
    streamed = _columns(connection, stream)
    if snapshot is None:
        return sql.SQL("SELECT * FROM {}").format(sql.Identifier(stream))
    columns = _columns(connection, snapshot)
    shown = sql.SQL(", ").join(sql.SQL("b.{}").format(sql.Identifier(name)) for name in columns)
    from_stream = sql.SQL(", ").join(
        sql.SQL("s.{}").format(sql.Identifier(name)) if name in streamed else sql.SQL("NULL::" + kind)
        for name, kind in columns.items()
    )
    return sql.SQL("SELECT {} FROM {} b {} UNION ALL SELECT {} FROM {} s {}").format(
        shown,
        sql.Identifier(snapshot),
        not_corrected(contract, stream),
        from_stream,
        sql.Identifier(stream),
        stream_only(contract, snapshot),
    )


def shown_digest(connection: postgres.Connection, table: str) -> str | None:
    """The digest of the snapshot that the view shows."""
    row = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", [postgres.qualified(table)]
    ).fetchone()
    return (row[0] or None) if row else None


def _columns(connection: postgres.Connection, name: str) -> dict[str, str]:
    """Names and SQL types, in order."""
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [postgres.qualified(name)],
    ).fetchall()
    return {str(column): str(kind) for column, kind in rows}
