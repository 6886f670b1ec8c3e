"""From PostgreSQL to Redis, by event time. If others write at the same time, the newer value stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from feast import FeatureStore, FeatureView
from psycopg import sql

from mlops_runtime import offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import redis_online
from mlops_runtime.features import store as feature_store
from mlops_runtime.features.redis_layout import ViewLayout
from mlops_runtime.features.redis_online import Row
from mlops_runtime.features.stretch import Extent, Written
from mlops_runtime.features.values import SCALAR_TYPES
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import address, connect


def layout_of(store: FeatureStore, view: FeatureView) -> ViewLayout:
    return ViewLayout(
        store.project,
        view.name,
        tuple((column.name, SCALAR_TYPES[column.dtype]) for column in view.entity_columns),
        tuple((field.name, SCALAR_TYPES[field.dtype]) for field in view.features),
    )


def write_stretch(
    workspace: Workspace, store: FeatureStore, view: FeatureView, start: datetime, end: datetime
) -> Written:
    """Writes the newest row of [start, end] of each key; of a streamed view, the events that make its state.

    Raises `PlatformError` if Redis refuses them or does not return them.
    """
    layout = layout_of(store, view)
    client = connect(workspace)
    server = address(workspace)
    try:
        with postgres.failures(workspace), postgres.connect(workspace) as connection:
            source = _source(workspace, connection, view)
            rows = connection.execute(_count(view, source), {"start": start, "end": end}).fetchone()
            if source.carried:  # what makes the state of `start` is older
                start -= view.ttl or timedelta()
            latest = list(_latest(connection, view, layout, source, start, end))
        _, stale = redis_online.write(client, layout, latest, server.key_ttl_seconds, view.ttl)
        keys = {layout.key(row): row for row, _, _ in latest}
        found = redis_online.read_times(client, layout, keys.values())
    except redis.RedisError as error:
        raise PlatformError(
            f"Redis at {server.host}:{server.port} could not take the rows of '{view.name}' ({error}): run "
            "this again once it answers, which is safe."
        ) from error
    missing = sum(time is None for time in found)
    if missing:
        raise PlatformError(
            f"Of {len(keys):,} keys of '{view.name}' {missing:,} cannot be read back from Redis."
        )
    return Written(rows[0] if rows else 0, len(keys), stale)


@dataclass(frozen=True)
class _Source:
    relation: str
    carried: bool  # whether it says which features a row carries


def _source(workspace: Workspace, connection: postgres.Connection, view: FeatureView) -> _Source:
    table = feature_store.table_of(view)
    if workspace.stream_of(table) is not None and postgres.exists(connection, offline.events_view(table)):
        return _Source(offline.events_view(table), True)
    return _Source(table, False)


def extent(workspace: Workspace, view: FeatureView, now: datetime) -> Extent:
    """Where the view's rows up to `now` lie, and how many lie beyond."""
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE {0} <= %(now)s), count(*) FILTER (WHERE {0} > %(now)s), "
        "min({0}) FILTER (WHERE {0} <= %(now)s), max({0}) FILTER (WHERE {0} <= %(now)s) FROM {1}"
    ).format(_time(view), _table(view))
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        row = connection.execute(query, {"now": now}).fetchone()
    return Extent(*row) if row else Extent(0, 0, None, None)


def _count(view: FeatureView, source: _Source) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {} WHERE {} BETWEEN %(start)s AND %(end)s").format(
        sql.Identifier(source.relation), _time(view)
    )


def _latest(
    connection: postgres.Connection,
    view: FeatureView,
    layout: ViewLayout,
    source: _Source,
    start: datetime,
    end: datetime,
) -> Iterator[Row]:
    """The newest row of each key; where rows carry some features, of each key and set of features."""
    created = view.batch_source.created_timestamp_column
    carried = sql.Identifier(offline.CARRIED) if source.carried else sql.SQL("NULL")
    apart = [*map(sql.Identifier, view.join_keys), *([carried] if source.carried else [])]
    order = [sql.SQL("{} DESC").format(_time(view))]
    if created:
        order.append(sql.SQL("{} DESC NULLS LAST").format(sql.Identifier(created)))
    names = [*view.join_keys, *(name for name, _ in layout.features)]
    present = sql.SQL(" AND ").join(
        sql.SQL("{} IS NOT NULL").format(sql.Identifier(key)) for key in view.join_keys
    )
    query = sql.SQL(
        "SELECT DISTINCT ON ({apart}) {names}, {carried}, {time}, {created} FROM {table} "
        "WHERE {time} BETWEEN %(start)s AND %(end)s AND {present} ORDER BY {apart}, {order}"
    ).format(
        apart=sql.SQL(", ").join(apart),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        carried=carried,
        time=_time(view),
        created=sql.Identifier(created) if created else sql.SQL("NULL"),
        table=sql.Identifier(source.relation),
        present=present,
        order=sql.SQL(", ").join(order),
    )
    for *values, carries, time, known in connection.execute(query, {"start": start, "end": end}):
        row = dict(zip(names, values, strict=True))
        if carries is not None:
            row = {name: row[name] for name in (*view.join_keys, *carries) if name in row}
        yield row, time, known


def _time(view: FeatureView) -> sql.Identifier:
    return sql.Identifier(view.batch_source.timestamp_field)


def _table(view: FeatureView) -> sql.Identifier:
    return sql.Identifier(feature_store.table_of(view))
