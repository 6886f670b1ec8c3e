"""Writes events to the stream's table in PostgreSQL and to Redis. Repeated writes change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from psycopg import sql

from mlops_runtime import contracts, offline
from mlops_runtime.environment import Workspace
from mlops_runtime.features import redis_online
from mlops_runtime.features.redis_layout import ViewLayout
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import address, connect
from mlops_runtime.streaming.records import Event

_CARRIED = sql.Identifier(offline.CARRIED)


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
        carried = [feature.name for feature in self._contract.features if feature.name in event.values]
        return [*(times[name] if name in times else event.values.get(name) for name in self._names), carried]


class OnlineSink:
    def __init__(self, workspace: Workspace, contract: contracts.Streaming) -> None:
        self._client = connect(workspace)
        self._lifetime = address(workspace).key_ttl_seconds
        self._ttl = timedelta(seconds=contract.ttl_seconds)
        self._layout = ViewLayout(
            workspace.environment.project,
            contract.view,
            tuple(offline.contract_keys(contract)),
            tuple((each.name, each.type) for each in contract.features),
        )

    def write(self, events: Sequence[Event]) -> int:
        """Writes the events. The number of stale ones, of which Redis has all newer values.

        Raises `redis.RedisError`.
        """
        rows = [(event.values, event.event, event.created) for event in events]
        return redis_online.write(self._client, self._layout, rows, self._lifetime, self._ttl)[1]

    def close(self) -> None:
        self._client.close()


def _upsert(contract: contracts.Streaming, names: list[str]) -> sql.Composed:
    """Of two events with the same keys and times, what the one read later carries stays."""
    features = [feature.name for feature in contract.features]
    changed = [
        sql.SQL("{0} = CASE WHEN {1} = ANY(EXCLUDED.{2}) THEN EXCLUDED.{0} ELSE t.{0} END").format(
            sql.Identifier(name), sql.Literal(name), _CARRIED
        )
        for name in features
    ]
    carried = sql.SQL(
        "{0} = CASE WHEN t.{0} IS NOT NULL THEN ARRAY(SELECT f FROM unnest(ARRAY[{1}]::text[])"
        " WITH ORDINALITY AS u(f, at) WHERE f = ANY(t.{0} || EXCLUDED.{0}) ORDER BY at) END"
    ).format(_CARRIED, sql.SQL(", ").join(map(sql.Literal, features)))
    return sql.SQL("INSERT INTO {} AS t ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}").format(
        sql.Identifier(offline.stream_table(contract.table)),
        sql.SQL(", ").join([*map(sql.Identifier, names), _CARRIED]),
        sql.SQL(", ").join([sql.Placeholder()] * (len(names) + 1)),
        sql.SQL(", ").join(map(sql.Identifier, offline.identity(contract))),
        sql.SQL(", ").join([*changed, carried]),
    )
