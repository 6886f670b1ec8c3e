"""The events that a stream consumer writes beside the snapshots."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.offline.names import CARRIED, SQL_TYPES, snapshot_table, stream_columns, stream_table
from mlops_runtime.offline.states import identity, not_in
from mlops_runtime.offline.view import show, shown_digest
from mlops_runtime.stores import postgres


def ensure_stream(workspace: Workspace, contract: contracts.Streaming) -> None:
    """Creates or extends the consumer's table, and the views that show it. Idempotent."""
    name = stream_table(contract.table)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        if postgres.exists(connection, name):
            _extend(connection, contract)
        else:
            _create(connection, contract)
        show(workspace, connection, contract.table, shown_digest(connection, contract.table))


def _create(connection: postgres.Connection, contract: contracts.Streaming) -> None:
    connection.execute(
        sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
            sql.Identifier(stream_table(contract.table)),
            sql.SQL(", ").join(_columns(contract)),
            _listed(identity(contract)),
        )
    )


def _extend(connection: postgres.Connection, contract: contracts.Streaming) -> None:
    """Adds columns that are newer than the table, and the created time to its key."""
    name = stream_table(contract.table)
    table = sql.Identifier(name)
    for column in _columns(contract):
        connection.execute(sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}").format(table, column))
    wanted, (constraint, found) = identity(contract), _primary_key(connection, name)
    if found == wanted:
        return
    if contract.created is None or found != wanted[:-1]:
        raise PlatformError(
            f"The rows in '{name}' are told apart by {', '.join(found)}, and the view '{contract.view}' now "
            f"needs {', '.join(wanted)}: give the view another table, or rename this one in PostgreSQL."
        )
    # What is known of such rows is when they were true.
    fill = "UPDATE {0} SET {1} = {2} WHERE {1} IS NULL"
    created, time = sql.Identifier(contract.created), sql.Identifier(contract.timestamp)
    connection.execute(sql.SQL(fill).format(table, created, time))
    connection.execute(
        sql.SQL("ALTER TABLE {0} DROP CONSTRAINT {1}, ADD PRIMARY KEY ({2})").format(
            table, sql.Identifier(constraint), _listed(wanted)
        )
    )


def _primary_key(connection: postgres.Connection, table: str) -> tuple[str, list[str]]:
    """The constraint's name and its columns, in order."""
    rows = connection.execute(
        "SELECT c.conname, a.attname FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS k(num, at) "
        "JOIN pg_attribute a ON a.attnum = k.num WHERE c.conrelid = to_regclass(%s) "
        "AND a.attrelid = c.conrelid AND c.contype = 'p' ORDER BY k.at",
        [postgres.qualified(table)],
    ).fetchall()
    return (str(rows[0][0]) if rows else "", [str(column) for _, column in rows])


def _columns(contract: contracts.Streaming) -> list[sql.Composed]:
    # `_carried` is null in rows that were written before events could carry some features: they have all.
    kinds = [*((name, SQL_TYPES[kind]) for name, kind in stream_columns(contract)), (CARRIED, "text[]")]
    return [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in kinds]


def _listed(names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def has_unfolded(workspace: Workspace, table: str) -> bool:
    """Whether the stream has events that the current snapshot lacks."""
    streaming = workspace.stream_of(table)
    if streaming is None:
        return False
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if not postgres.exists(connection, stream_table(table)):
            return False
        digest = shown_digest(connection, table)
        fresh = not_in(streaming, snapshot_table(table, digest)) if digest else sql.SQL("TRUE")
        query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} s WHERE {})").format(
            sql.Identifier(stream_table(table)), fresh
        )
        row = connection.execute(query).fetchone()
    return bool(row and row[0])
