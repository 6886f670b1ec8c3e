"""Point-in-time joins that keep every row, never mix table versions and need little memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from feast import FeatureStore, FeatureView

from mlops_runtime import offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import store
from mlops_runtime.features.pinned import ROW, TIMESTAMP, PinnedFiles
from mlops_runtime.features.pinned_tables import PinnedTables
from mlops_runtime.features.values import EPOCH
from mlops_runtime.machine import scratch
from mlops_runtime.tables import frames, snapshots


def historical(
    workspace: Workspace, features: Sequence[str], entity_rows: pd.DataFrame, digests: Mapping[str, str]
) -> pd.DataFrame:
    """The entity rows with the features (`view:feature`) that were known at their `event_timestamp`.

    The result has the same rows, order and index, and one more column `view__feature` per feature. A value is
    missing if the row's join key is, if no feature row is within the view's TTL, or if it was recorded
    (`created`) only later. Timestamps among the features are in whole seconds, as Feast keeps them online.
    `digests` maps each table to the snapshot to read, so that a publication in
    between changes nothing. Raises `PlatformError` if a column, a timestamp or a snapshot is missing.
    """
    live = store.open_store(workspace)
    views = [store.view(live, name) for name in dict.fromkeys(ref.split(":")[0] for ref in features)]
    rows = _numbered(entity_rows, sorted({key for view in views for key in view.join_keys}))
    snapshots = {view.name: _snapshot(workspace, view, digests) for view in views}
    with scratch.folder(workspace.state, "historical") as folder:
        pinned = _pinned(workspace, live, views, snapshots, digests, folder)
        # In order of time, so that a chunk needs only a short stretch of each table.
        chunks = [rows[at : at + pinned.chunk_rows] for at in range(0, len(rows), pinned.chunk_rows)]
        joined = [pinned.join(chunk, features).select([ROW, *columns(features)]) for chunk in chunks]
    return _in_order(entity_rows, joined, columns(features))


def _pinned(
    workspace: Workspace,
    live: FeatureStore,
    views: list[FeatureView],
    snapshots: Mapping[str, Path],
    digests: Mapping[str, str],
    folder: Path,
) -> PinnedFiles | PinnedTables:
    if not offline.is_used(workspace):
        return PinnedFiles(live, views, snapshots, folder)
    tables = {
        view.name: offline.load(workspace, table, digests[table], snapshots[view.name])
        for view in views
        for table in [store.table_of(view)]
    }
    return PinnedTables(live, views, tables, folder)


def columns(features: Sequence[str]) -> list[str]:
    return [ref.replace(":", "__") for ref in features]


def _numbered(entity_rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Timestamp, keys and position of the entity rows, in order of time."""
    lacking = [name for name in [TIMESTAMP, *keys] if name not in entity_rows]
    if lacking:
        raise PlatformError(
            f"The entity rows lack {', '.join(lacking)}, which the join needs; "
            f"they have {', '.join(entity_rows.columns)}."
        )
    if entity_rows[TIMESTAMP].isna().any():
        raise PlatformError(f"{entity_rows[TIMESTAMP].isna().sum():,} entity rows have no {TIMESTAMP}.")
    rows = entity_rows[[TIMESTAMP, *keys]].assign(**{ROW: np.arange(len(entity_rows))})
    return rows.sort_values(TIMESTAMP, kind="stable")


def _snapshot(workspace: Workspace, view: FeatureView, digests: Mapping[str, str]) -> Path:
    table = store.table_of(view)
    if table not in digests:
        raise PlatformError(f"No snapshot was given of the table '{table}', which '{view.name}' reads.")
    path = snapshots.find(workspace, table, digests[table])
    snapshots.verify(path, table)
    return path


def _in_order(entity_rows: pd.DataFrame, joined: list[pa.Table], names: list[str]) -> pd.DataFrame:
    if not joined:
        return entity_rows.assign(**{name: pd.Series(dtype="float64") for name in names})
    found = pa.concat_tables(joined, promote_options="permissive").sort_by(ROW)
    if not np.array_equal(found[ROW].to_numpy(), np.arange(len(entity_rows))):
        raise PlatformError(
            f"The historical join returned {found.num_rows:,} rows for {len(entity_rows):,} entity rows; "
            "each must come back exactly once."
        )
    values = frames.to_pandas(found.drop_columns(ROW))
    for name in values.select_dtypes(["datetimetz", "datetime"]):
        # Feast's answer from PostgreSQL is in UTC and does not say so.
        values[name] = _whole_seconds(pd.to_datetime(values[name], utc=True))
    return pd.concat([entity_rows, values.set_index(entity_rows.index)], axis=1)


def _whole_seconds(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """As `values.whole_seconds`, or a model would learn from what serving cannot give it."""
    return times.dt.floor("s").where(times >= EPOCH, times.dt.ceil("s"))
