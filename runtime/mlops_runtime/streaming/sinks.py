"""Writes events to the stream's table in PostgreSQL and to Redis. Repeated writes change nothing."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from mlops_runtime import contracts, offline
from mlops_runtime.environment import Workspace
from mlops_runtime.features import redis_online
from mlops_runtime.features.redis_layout import ViewLayout
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import address, connect
from mlops_runtime.streaming.records import Event


class OfflineSink:
    """Keeps one connection, and opens a new one after a failure."""

    def __init__(self, workspace: Workspace, contract: contracts.Streaming) -> None:
        self._workspace, self._contract = workspace, contract
        self._names = [name for name, _ in offline.stream_columns(contract)]
        self._query = _upsert(contract, self._names)
        self._connection: postgres.Connection | None = None

    def write(self, events: Sequence[Event]) -> None:
        """Writes all events or none. Raises `PlatformError` or `psycopg.Error`."""
        if self._connection is None:
            offline.ensure_stream(self._workspace, self._contract)
            self._connection = postgres.connect(self._workspace)
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.executemany(self._query, [self._row(event) for event in events])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _row(self, event: Event) -> list[object]:
        times = {self._contract.timestamp: event.event}
        if self._contract.created is not None and event.created is not None:
            times[self._contract.created] = event.created
        return [times[name] if name in times else event.values[name] for name in self._names]


class OnlineSink:
    def __init__(self, workspace: Workspace, contract: contracts.Streaming) -> None:
        self._client = connect(workspace)
        self._lifetime = address(workspace).key_ttl_seconds
        self._layout = ViewLayout(
            workspace.environment.project,
            contract.view,
            tuple(offline.contract_keys(contract)),
            tuple((each.name, each.type) for each in contract.features),
        )

    def write(self, events: Sequence[Event]) -> int:
        """Writes the events. The number of stale ones, of which Redis has newer values.

        Raises `redis.RedisError`.
        """
        rows = [(event.values, event.event, event.created) for event in events]
        return redis_online.write(self._client, self._layout, rows, self._lifetime)[1]

    def close(self) -> None:
        self._client.close()


def _upsert(contract: contracts.Streaming, names: list[str]) -> sql.Composed:
    keys = [*(name for name, _ in offline.contract_keys(contract)), contract.timestamp]
    table = sql.Identifier(offline.stream_table(contract.table))
    rest = [name for name in names if name not in keys]
    later: sql.Composable = sql.SQL("")
    if contract.created is not None:
        later = sql.SQL(" WHERE EXCLUDED.{0} >= t.{0}").format(sql.Identifier(contract.created))
    return sql.SQL("INSERT INTO {} AS t ({}) VALUES ({}) ON CONFLICT ({}) DO {}").format(
        table,
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
        sql.SQL(", ").join(map(sql.Identifier, keys)),
        sql.SQL("UPDATE SET {}{}").format(
            sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in rest),
            later,
        )
        if rest
        else sql.SQL("NOTHING"),
    )
