"""The offline store in PostgreSQL: what the warehouse publishes, as tables that Feast reads.

`<table>__<digest>` holds one snapshot, `<table>__stream` what a stream consumer has written since, and
the view `<table>` shows both together: of two rows with the same keys and event time the one that was
created later. The Parquet snapshots stay what counts: any of these tables can be made again from them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.stores import postgres

SQL_TYPES: dict[contracts.ScalarType, str] = {
    "bool": "boolean",
    "int32": "integer",
    "int64": "bigint",
    "float32": "real",
    "float64": "double precision",
    "string": "text",
    "timestamp": "timestamptz",
}
DIGITS = 12  # of a digest, in a table's name
MAX_NAME = 63  # of PostgreSQL's identifiers, in bytes; longer ones are cut without a word


def is_used(workspace: Workspace) -> bool:
    return workspace.environment.postgres is not None


def snapshot_table(table: str, digest: str) -> str:
    return _name(f"{table}__{digest[:DIGITS]}")


def stream_table(table: str) -> str:
    return _name(f"{table}__stream")


def publish(workspace: Workspace, table: str, digest: str, file: Path) -> None:
    """The snapshot is what `table` shows. Done already, it changes nothing; cut short, it is done again."""
    load(workspace, table, digest, file)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if _shown(connection, table) != digest:
            _show(workspace, connection, table, digest)


def load(workspace: Workspace, table: str, digest: str, file: Path) -> str:
    """The name of the table with the snapshot's rows, made from the file where it is not there."""
    name = snapshot_table(table, digest)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if _exists(connection, name):
            return name
        rows = pq.read_table(file)
        columns = [
            sql.SQL("{} {}").format(sql.Identifier(f.name), sql.SQL(_sql_type(f, table))) for f in rows.schema
        ]
        # Another process may be loading the same snapshot.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        if _exists(connection, name):
            return name
        connection.execute(
            sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(name), sql.SQL(", ").join(columns))
        )
        _copy(connection, name, rows)
        for keys in _indexed(workspace, table, rows.column_names):
            identifiers = sql.SQL(", ").join(map(sql.Identifier, keys))
            connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(sql.Identifier(name), identifiers))
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
    return name


def drop(workspace: Workspace, table: str, digest: str) -> None:
    """Forgets a snapshot that is no longer kept."""
    name = sql.Identifier(snapshot_table(table, digest))
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))


def ensure_stream(workspace: Workspace, contract: contracts.Streaming) -> None:
    """The table that the consumer writes, and the view that shows it. Idempotent."""
    columns = stream_columns(contract)
    keys = [name for name, _ in contract_keys(contract)]
    parts = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(name),
            sql.SQL(SQL_TYPES[kind]),
            sql.SQL(" NOT NULL" if name in (*keys, contract.timestamp) else ""),
        )
        for name, kind in columns
    ]
    primary = sql.SQL(", ").join(map(sql.Identifier, [*keys, contract.timestamp]))
    name = stream_table(contract.table)
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        if not _exists(connection, name):
            connection.execute(
                sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
                    sql.Identifier(name), sql.SQL(", ").join(parts), primary
                )
            )
        else:  # a feature that was added since
            for part in parts:
                connection.execute(
                    sql.SQL("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}").format(sql.Identifier(name), part)
                )
        _show(workspace, connection, contract.table, _shown(connection, contract.table))


def contract_keys(contract: contracts.Streaming) -> list[tuple[str, contracts.ScalarType]]:
    return [(key.name, key.type) for key in contract.key]


def stream_columns(contract: contracts.Streaming) -> list[tuple[str, contracts.ScalarType]]:
    """Of the stream's table, in order."""
    times: list[tuple[str, contracts.ScalarType]] = [(contract.timestamp, "timestamp")]
    if contract.created is not None:
        times.append((contract.created, "timestamp"))
    return [*contract_keys(contract), *times, *((each.name, each.type) for each in contract.features)]


def read(workspace: Workspace, table: str) -> pd.DataFrame:
    """All that the view shows, with the types of the table's contract."""
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        cursor = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        names = [column.name for column in cursor.description or ()]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
    for column in workspace.table(table).columns:
        if column.type == "timestamp":
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
    return frame


def has_unfolded(workspace: Workspace, table: str) -> bool:
    """Whether the stream has rows that the current snapshot lacks."""
    streaming = workspace.stream_of(table)
    if streaming is None:
        return False
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        if not _exists(connection, stream_table(table)):
            return False
        digest = _shown(connection, table)
        fresh = _stream_only(streaming, snapshot_table(table, digest) if digest else None)
        query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} s {})").format(
            sql.Identifier(stream_table(table)), fresh
        )
        row = connection.execute(query).fetchone()
    return bool(row and row[0])


def forget_covered(workspace: Workspace, table: str) -> int:
    """Deletes what the stream wrote and the current snapshot has, as new or newer; how many rows."""
    streaming = workspace.stream_of(table)
    if streaming is None:
        return 0
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        digest = _shown(connection, table)
        if digest is None or not _exists(connection, stream_table(table)):
            return 0
        covered = _stream_only(streaming, snapshot_table(table, digest), negate=True)
        query = sql.SQL("DELETE FROM {} s {}").format(sql.Identifier(stream_table(table)), covered)
        return connection.execute(query).rowcount


# --- the view


def _show(workspace: Workspace, connection: postgres.Connection, table: str, digest: str | None) -> None:
    """One transaction: whoever reads sees the old rows or the new ones."""
    streaming = workspace.stream_of(table)
    streamed = streaming is not None and _exists(connection, stream_table(table))
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
        _not_corrected(contract, stream),
        from_stream,
        sql.Identifier(stream),
        _stream_only(contract, snapshot),
    )


def _not_corrected(contract: contracts.Streaming, stream: str) -> sql.Composable:
    """Rows of the snapshot `b` for which the stream has nothing newer."""
    if contract.created is None:
        return sql.SQL("")
    later = sql.SQL("s.{0} > b.{0}").format(sql.Identifier(contract.created))
    return sql.SQL("WHERE NOT EXISTS (SELECT 1 FROM {} s WHERE {} AND {})").format(
        sql.Identifier(stream), _same(contract), later
    )


def _stream_only(contract: contracts.Streaming, snapshot: str | None, negate: bool = False) -> sql.Composable:
    """Rows of the stream `s` that the snapshot lacks, or has only as they were before (or the other rows)."""
    if snapshot is None:
        return sql.SQL("WHERE false" if negate else "")
    covered = _same(contract)
    if contract.created is not None:
        covered = sql.SQL("{1} AND b.{0} >= s.{0}").format(sql.Identifier(contract.created), covered)
    return sql.SQL("WHERE {}EXISTS (SELECT 1 FROM {} b WHERE {})").format(
        sql.SQL("" if negate else "NOT "), sql.Identifier(snapshot), covered
    )


def _same(contract: contracts.Streaming) -> sql.Composable:
    names = [*(name for name, _ in contract_keys(contract)), contract.timestamp]
    return sql.SQL(" AND ").join(sql.SQL("b.{0} = s.{0}").format(sql.Identifier(name)) for name in names)


def _shown(connection: postgres.Connection, table: str) -> str | None:
    """The digest of the snapshot that the view shows."""
    row = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", [_quoted(table)]
    ).fetchone()
    return (row[0] or None) if row else None


def _exists(connection: postgres.Connection, name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [_quoted(name)]).fetchone()
    return bool(row and row[0])


def _columns(connection: postgres.Connection, name: str) -> dict[str, str]:
    """Names and SQL types, in order."""
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [_quoted(name)],
    ).fetchall()
    return {str(column): str(kind) for column, kind in rows}


def _quoted(name: str) -> str:
    return f'public."{name}"'


# --- rows


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
        f"The column '{field.name}' of '{table}' is {kind}, which the offline store has no type for: "
        "publish it as text or numbers, or leave it out."
    )


def _indexed(workspace: Workspace, table: str, columns: Sequence[str]) -> list[list[str]]:
    """What joins go by: the keys with the event timestamp, where the table has one."""
    streaming, timestamp = workspace.stream_of(table), workspace.table(table).timestamp
    if streaming is not None:
        return [[*(name for name, _ in contract_keys(streaming)), streaming.timestamp]]
    return [[timestamp]] if timestamp in columns and timestamp is not None else []


def _name(name: str) -> str:
    if len(name.encode()) > MAX_NAME:
        raise PlatformError(
            f"'{name}' is longer than the {MAX_NAME} characters that PostgreSQL allows: give the table a "
            "shorter name."
        )
    return name


Error = psycopg.Error
