"""From the offline to the online store, by event time; no row beyond the present is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from feast import FeatureStore, FeatureView

from mlops_runtime import offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import materialize_files, materialize_redis
from mlops_runtime.features import store as feature_store
from mlops_runtime.features.stretch import Extent
from mlops_runtime.tables import warehouse

Evidence = dict[str, Any]


def materialize(workspace: Workspace, views: Sequence[str]) -> dict[str, Evidence]:
    """Brings each view's online values up to its table's newest row, and reads them back.

    The whole TTL before that row is read, not only what is new since last time, or a row that was
    recorded late would never be seen. Older values count as missing anyway. Rows whose event time lies
    beyond the present are left out and counted (`ahead`): one would hide all others until its time has come.
    Raises `PlatformError` if a key cannot be read back, or the view's rules hold its rows back.
    """
    store = feature_store.open_store(workspace)
    for name in views:  # none is brought online if one is held back
        warehouse.require_sound(workspace, feature_store.table_of(feature_store.view(store, name)), name)
    return {name: _bring_up_to_date(workspace, store, feature_store.view(store, name)) for name in views}


def backfill(workspace: Workspace, name: str, start: datetime, end: datetime) -> Evidence:
    """Materialises the rows of [start, end], or to the present; values newer than `end` are kept.

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
    now = workspace.now()
    written = _side(workspace).write_stretch(workspace, store, view, start, min(end, now))
    if written.rows == 0:
        found: Extent = _side(workspace).extent(workspace, view, now)
        raise PlatformError(
            f"'{name}' has no rows from {start} to {end}; its {found.rows:,} rows are from {found.oldest} to "
            f"{found.newest}{_ahead(found)}."
        )
    # SQLite keeps what was written last, so the newest values must be.
    evidence = _bring_up_to_date(workspace, store, view)
    return {
        "rows": written.rows,
        "keys": written.keys,
        "from": str(start),
        "to": str(end),
        "online": evidence,
    }


def _bring_up_to_date(workspace: Workspace, store: FeatureStore, view: FeatureView) -> Evidence:
    found: Extent = _side(workspace).extent(workspace, view, workspace.now())
    if found.newest is None:
        if found.ahead:
            raise PlatformError(
                f"All {found.ahead:,} rows of '{view.name}' lie in the future, so none can be brought "
                f"online: look at the '{view.batch_source.timestamp_field}' that its step writes."
            )
        return {"rows": 0, "keys": 0, "newer": 0, "ahead": 0, "from": None, "to": None}
    start = found.newest - view.ttl if view.ttl else datetime.min.replace(tzinfo=UTC)
    written = _side(workspace).write_stretch(workspace, store, view, start, found.newest)
    return {
        "rows": written.rows,
        "keys": written.keys,
        "newer": written.newer,
        "ahead": found.ahead,
        "from": start.isoformat(),
        "to": found.newest.isoformat(),
    }


def _side(workspace: Workspace) -> ModuleType:
    return materialize_redis if offline.is_used(workspace) else materialize_files


def _ahead(found: Extent) -> str:
    return f", and {found.ahead:,} lie in the future" if found.ahead else ""
