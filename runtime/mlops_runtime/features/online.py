"""From the offline to the online store, by event time; the current time plays no part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from feast import FeatureStore, FeatureView
from feast.protos.feast.serving.ServingService_pb2 import FieldStatus

from mlops_runtime import offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import materialize_redis
from mlops_runtime.features import store as feature_store
from mlops_runtime.tables import warehouse

Evidence = dict[str, Any]


def materialize(workspace: Workspace, views: Sequence[str]) -> dict[str, Evidence]:
    """Brings each view's online values up to its table's newest row, and reads them back.

    The whole TTL before that row is read, not only what is new since last time, or a row that was
    recorded late would never be seen. Older values count as missing anyway. Raises `PlatformError`
    if a key cannot be read back.
    """
    store = feature_store.open_store(workspace)
    return {name: _bring_up_to_date(workspace, store, feature_store.view(store, name)) for name in views}


def backfill(workspace: Workspace, name: str, start: datetime, end: datetime) -> Evidence:
    """Materialises the rows of [start, end]; values newer than `end` are kept.

    Raises `PlatformError` if the view has no such rows or is not kept online.
    """
    if start >= end:
        raise PlatformError(f"A backfill goes from an earlier to a later time, not from {start} to {end}.")
    store = feature_store.open_store(workspace)
    view = feature_store.view(store, name)
    if not view.online:
        raise PlatformError(
            f"The feature view '{name}' is not kept online (`online: false`), so there is nothing to "
            "backfill; training reads its table."
        )
    if offline.is_used(workspace):
        return _backfill_servers(workspace, store, view, start, end)
    rows = _rows(workspace, view)
    inside = rows[_times(view, rows).between(start, end)]
    if inside.empty:
        oldest, newest = _times(view, rows).min(), _times(view, rows).max()
        raise PlatformError(
            f"'{name}' has no rows from {start} to {end}; its {len(rows):,} rows are from {oldest} to "
            f"{newest}."
        )
    with feature_store.quiet():
        store.materialize(start, end, feature_views=[name])
    # Feast overwrites whatever is there, so the newest values must be written last.
    evidence = _bring_up_to_date(workspace, store, view)
    keys = len(inside[view.join_keys].drop_duplicates())
    return {"rows": len(inside), "keys": keys, "from": str(start), "to": str(end), "online": evidence}


def _backfill_servers(
    workspace: Workspace, store: FeatureStore, view: FeatureView, start: datetime, end: datetime
) -> Evidence:
    rows, keys, _ = materialize_redis.write_stretch(workspace, store, view, start, end)
    if rows == 0:
        count, oldest, newest = materialize_redis.extent(workspace, view)
        raise PlatformError(
            f"'{view.name}' has no rows from {start} to {end}; its {count:,} rows are from {oldest} to "
            f"{newest}."
        )
    evidence = _bring_up_to_date(workspace, store, view)
    return {"rows": rows, "keys": keys, "from": str(start), "to": str(end), "online": evidence}


def _bring_up_to_date(workspace: Workspace, store: FeatureStore, view: FeatureView) -> Evidence:
    if offline.is_used(workspace):
        return materialize_redis.bring_up_to_date(workspace, store, view)
    rows = _rows(workspace, view)
    times = _times(view, rows)
    if rows.empty:
        return {"rows": 0, "keys": 0, "from": None, "to": None}
    end = times.max()
    start = end - view.ttl if view.ttl else times.min()
    with feature_store.quiet():
        store.materialize(start.to_pydatetime(), end.to_pydatetime(), feature_views=[view.name])
    recent = rows[times >= start]
    keys = recent[view.join_keys].drop_duplicates()
    found = _found_online(store, view, keys)
    if found < len(keys):
        raise PlatformError(
            f"Of {len(keys):,} keys of '{view.name}' only {found:,} can be read back from the online store."
        )
    return {"rows": len(recent), "keys": found, "from": start.isoformat(), "to": end.isoformat()}


def _rows(workspace: Workspace, view: FeatureView) -> pd.DataFrame:
    columns = [view.batch_source.timestamp_field, *view.join_keys]
    rows = warehouse.read(workspace, feature_store.table_of(view), columns=columns)
    return rows.dropna(subset=view.join_keys)


def _times(view: FeatureView, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    times: pd.Series[pd.Timestamp] = rows[view.batch_source.timestamp_field]
    return times


def _found_online(store: FeatureStore, view: FeatureView, keys: pd.DataFrame) -> int:
    """The number of keys that are online; a null counts as a value."""
    answer = store.get_online_features(
        features=[f"{view.name}:{feature.name}" for feature in view.features],
        entity_rows=keys.to_dict("records"),
    )
    features = answer.proto.results[len(view.join_keys) :]
    statuses = zip(*(feature.statuses for feature in features), strict=True)
    return sum(any(status != FieldStatus.NOT_FOUND for status in row) for row in statuses)
