"""The rows that a stream consumer writes beside the snapshots."""

from __future__ import annotations

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.offline.corrections import stream_only
from mlops_runtime.offline.names import SQL_TYPES, contract_keys, snapshot_table, stream_columns, stream_table
from mlops_runtime.offline.view import show, shown_digest
from mlops_runtime.stores import postgres


def ensure_stream(workspace: Workspace, contract: contracts.Streaming) -> None:
    """Creates or extends the consumer's table, and the view that shows it. Idempotent."""
    name = stream_table(contract.table)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        if postgres.exists(connection, name):
            _add_columns(connection, contract)
        else:
            _create(connection, contract)
        show(workspace, connection, contract.table, shown_digest(connection, contract.table))


def _create(connection: postgres.Connection, contract: contracts.Streaming) -> None:
    primary = sql.SQL(", ").join(map(sql.Identifier, _primary_key(contract)))
    connection.execute(
        sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
            sql.Identifier(stream_table(contract.table)), sql.SQL(", ").join(_columns(contract)), primary
        )
    )


def _add_columns(connection: postgres.Connection, contract: contracts.Streaming) -> None:
    """Adds columns for features that are newer than the table."""
    table = sql.Identifier(stream_table(contract.table))
    for column in _columns(contract):
        connection.execute(sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}").format(table, column))


def _columns(contract: contracts.Streaming) -> list[sql.Composed]:
    required = _primary_key(contract)
    return [
        sql.SQL("{} {}{}").format(
            sql.Identifier(name),
            sql.SQL(SQL_TYPES[kind]),
            sql.SQL(" NOT NULL" if name in required else ""),
        )
        for name, kind in stream_columns(contract)
    ]


def _primary_key(contract: contracts.Streaming) -> list[str]:
    return [*(name for name, _ in contract_keys(contract)), contract.timestamp]


def has_unfolded(workspace: Workspace, table: str) -> bool:
    """Whether the stream has rows that the current snapshot lacks."""
    streaming = workspace.stream_of(table)
    if streaming is None:
        return False
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if not postgres.exists(connection, stream_table(table)):
            return False
        digest = shown_digest(connection, table)
        fresh = stream_only(streaming, snapshot_table(table, digest) if digest else None)
        query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} s {})").format(
            sql.Identifier(stream_table(table)), fresh
        )
        row = connection.execute(query).fetchone()
    return bool(row and row[0])
