"""Snapshots as tables, which never change after loading."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg import sql

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.offline.names import contract_keys, snapshot_table
from mlops_runtime.stores import postgres


def is_used(workspace: Workspace) -> bool:
    """Whether the environment has an offline store in PostgreSQL, beside the files."""
    return workspace.environment.postgres is not None


def load(workspace: Workspace, table: str, digest: str, file: Path) -> str:
    """Loads the snapshot from its file unless it is there already. The name of its table.

    Raises `PlatformError` for a column type that PostgreSQL does not have.
    """
    name = snapshot_table(table, digest)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if postgres.exists(connection, name):
            return name
        rows = pq.read_table(file)
        # Another process may be loading the same snapshot.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        if not postgres.exists(connection, name):
            _create(workspace, connection, table, name, rows)
    return name


def _create(
    workspace: Workspace, connection: postgres.Connection, table: str, name: str, rows: pa.Table
) -> None:
    made = sql.Identifier(name)
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_sql_type(field, table)))
        for field in rows.schema
    ]
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(made, sql.SQL(", ").join(columns)))
    _copy(connection, name, rows)
    for keys in _indexed(workspace, table, rows.column_names):
        identifiers = sql.SQL(", ").join(map(sql.Identifier, keys))
        connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(made, identifiers))
    connection.execute(sql.SQL("ANALYZE {}").format(made))


def drop(workspace: Workspace, table: str, digest: str) -> None:
    """Drops the table of a snapshot that is no longer kept."""
    name = sql.Identifier(snapshot_table(table, digest))
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))


def _copy(connection: postgres.Connection, name: str, rows: pa.Table) -> None:
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(sql.Identifier(name))
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for batch in rows.to_batches(max_chunksize=50_000):
            text = io.BytesIO()
            pyarrow.csv.write_csv(pa.Table.from_batches([batch]), text, options)
            copy.write(text.getvalue())


def _sql_type(field: pa.Field, table: str) -> str:
    kind = field.type
    for matches, name in (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_timestamp, "timestamptz" if getattr(kind, "tz", None) else "timestamp"),
        (pa.types.is_date, "date"),
        (pa.types.is_time, "time"),
        (pa.types.is_decimal, "numeric"),
        (pa.types.is_float32, "real"),
        (pa.types.is_floating, "double precision"),
        (pa.types.is_integer, "bigint" if kind != pa.int32() else "integer"),
        (pa.types.is_string, "text"),
        (pa.types.is_large_string, "text"),
        (pa.types.is_null, "text"),
    ):
        if matches(kind):
            return name
    raise PlatformError(
        f"The column '{field.name}' of '{table}' is {kind}, for which the offline store has no type: "
        "publish it as text or numbers, or leave it out."
    )


def _indexed(workspace: Workspace, table: str, columns: Sequence[str]) -> list[list[str]]:
    """The columns that joins use: the keys with the event timestamp, if the table has one."""
    streaming, timestamp = workspace.stream_of(table), workspace.table(table).timestamp
    if streaming is not None:
        return [[*(name for name, _ in contract_keys(streaming)), streaming.timestamp]]
    return [[timestamp]] if timestamp in columns and timestamp is not None else []
