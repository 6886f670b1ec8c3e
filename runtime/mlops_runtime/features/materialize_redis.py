"""From PostgreSQL to Redis, by event time. If others write at the same time, the newer row stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import redis
from feast import FeatureStore, FeatureView
from psycopg import sql

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
    """Writes the newest row of [start, end] of each key.

    Raises `PlatformError` if Redis refuses them or does not return them.
    """
    layout = layout_of(store, view)
    client = connect(workspace)
    server = address(workspace)
    try:
        with postgres.failures(workspace), postgres.connect(workspace) as connection:
            rows = connection.execute(_count(view), {"start": start, "end": end}).fetchone()
            latest = list(_latest(connection, view, layout, start, end))
        _, stale = redis_online.write(client, layout, latest, server.key_ttl_seconds)
        found = redis_online.read_times(client, layout, (row for row, _, _ in latest))
    except redis.RedisError as error:
        raise PlatformError(
            f"Redis at {server.host}:{server.port} could not take the rows of '{view.name}' ({error}): run "
            "this again once it answers, which is safe."
        ) from error
    missing = sum(time is None for time in found)
    if missing:
        raise PlatformError(
            f"Of {len(latest):,} keys of '{view.name}' {missing:,} cannot be read back from Redis."
        )
    return Written(rows[0] if rows else 0, len(latest), stale)


def extent(workspace: Workspace, view: FeatureView, now: datetime) -> Extent:
    """Where the view's rows up to `now` lie, and how many lie beyond."""
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE {0} <= %(now)s), count(*) FILTER (WHERE {0} > %(now)s), "
        "min({0}) FILTER (WHERE {0} <= %(now)s), max({0}) FILTER (WHERE {0} <= %(now)s) FROM {1}"
    ).format(_time(view), _table(view))
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        row = connection.execute(query, {"now": now}).fetchone()
    return Extent(*row) if row else Extent(0, 0, None, None)


def _count(view: FeatureView) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {} WHERE {} BETWEEN %(start)s AND %(end)s").format(
        _table(view), _time(view)
    )


def _latest(
    connection: postgres.Connection, view: FeatureView, layout: ViewLayout, start: datetime, end: datetime
) -> Iterator[Row]:
    created = view.batch_source.created_timestamp_column
    keys = sql.SQL(", ").join(map(sql.Identifier, view.join_keys))
    order = [sql.SQL("{} DESC").format(_time(view))]
    if created:
        order.append(sql.SQL("{} DESC").format(sql.Identifier(created)))
    names = [*view.join_keys, *(name for name, _ in layout.features)]
    present = sql.SQL(" AND ").join(
        sql.SQL("{} IS NOT NULL").format(sql.Identifier(key)) for key in view.join_keys
    )
    query = sql.SQL(
        "SELECT DISTINCT ON ({keys}) {names}, {time}, {created} FROM {table} "
        "WHERE {time} BETWEEN %(start)s AND %(end)s AND {present} ORDER BY {keys}, {order}"
    ).format(
        keys=keys,
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        time=_time(view),
        created=sql.Identifier(created) if created else sql.SQL("NULL"),
        table=_table(view),
        present=present,
        order=sql.SQL(", ").join(order),
    )
    for row in connection.execute(query, {"start": start, "end": end}):
        yield dict(zip(names, row, strict=False)), row[-2], row[-1]


def _time(view: FeatureView) -> sql.Identifier:
    return sql.Identifier(view.batch_source.timestamp_field)


def _table(view: FeatureView) -> sql.Identifier:
    return sql.Identifier(feature_store.table_of(view))
