"""From a snapshot's file to Feast's SQLite.

Feast's own materialisation goes through data frames, in which an integer beside a missing one is a float:
2**53 + 1 would become 2**53. Here values go from Arrow to Feast's encoding as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from feast import FeatureStore, FeatureView
from feast.protos.feast.serving.ServingService_pb2 import FieldStatus
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import store as feature_store
from mlops_runtime.features import values
from mlops_runtime.features.stretch import Extent, Written
from mlops_runtime.features.values import SCALAR_TYPES
from mlops_runtime.tables import snapshots, warehouse

_POSITION = "_position"  # no column has such a name: those of specs start with a letter

Row = tuple[EntityKey, dict[str, Value], datetime, datetime | None]


def extent(workspace: Workspace, view: FeatureView, now: datetime) -> Extent:
    """Where the view's rows up to `now` lie, and how many lie beyond."""
    times = _rows(workspace, view, [])[view.batch_source.timestamp_field]
    past = pc.filter(times, pc.less_equal(times, _scalar(now)))
    found = pc.min_max(past)
    return Extent(len(past), len(times) - len(past), found["min"].as_py(), found["max"].as_py())


def write_stretch(
    workspace: Workspace, store: FeatureStore, view: FeatureView, start: datetime, end: datetime
) -> Written:
    """Writes the newest row of [start, end] of each key, over whatever is there.

    Raises `PlatformError` if a key cannot be read back.
    """
    source = view.batch_source
    rows = _rows(workspace, view, [feature.name for feature in view.features])
    times = rows[source.timestamp_field]
    inside = rows.filter(pc.and_(pc.greater_equal(times, _scalar(start)), pc.less_equal(times, _scalar(end))))
    newest = _newest_by_key(view, inside)
    written = list(_encoded(view, newest))
    if written:
        # What Feast's public way takes is a data frame.
        store._get_provider().online_write_batch(store.config, view, written, None)
    found = _found_online(store, view, newest)
    if found < len(written):
        raise PlatformError(
            f"Of {len(written):,} keys of '{view.name}' only {found:,} can be read back from the online "
            "store."
        )
    return Written(inside.num_rows, len(written), 0)


def _rows(workspace: Workspace, view: FeatureView, features: list[str]) -> pa.Table:
    """The current snapshot's rows that have all keys."""
    table, source = feature_store.table_of(view), view.batch_source
    names = [*view.join_keys, source.timestamp_field, *features]
    names += [source.created_timestamp_column] if source.created_timestamp_column else []
    digest = warehouse.current(workspace, table).digest
    rows = snapshots.rows_of(snapshots.find(workspace, table, digest), table, list(dict.fromkeys(names)))
    for key in view.join_keys:
        rows = rows.filter(pc.is_valid(rows[key]))
    return rows


def _newest_by_key(view: FeatureView, rows: pa.Table) -> pa.Table:
    """Per key the row with the latest event time; of several, the one created last."""
    source = view.batch_source
    times = [name for name in (source.timestamp_field, source.created_timestamp_column) if name]
    placed = rows.append_column(_POSITION, pa.array(range(rows.num_rows), pa.int64()))
    # What is missing sorts first: a row whose creation is known is the later one.
    order = pc.sort_indices(
        placed,
        sort_keys=[(name, "ascending", "at_start") for name in [*times, _POSITION]],
    )
    ordered = placed.take(order).set_column(
        placed.schema.get_field_index(_POSITION), _POSITION, pa.array(range(rows.num_rows), pa.int64())
    )
    last = ordered.group_by(view.join_keys).aggregate([(_POSITION, "max")])[f"{_POSITION}_max"]
    return ordered.take(last.combine_chunks().sort())


def _encoded(view: FeatureView, rows: pa.Table) -> Iterator[Row]:
    source = view.batch_source
    keys = [(column.name, SCALAR_TYPES[column.dtype]) for column in view.entity_columns]
    features = [(field.name, SCALAR_TYPES[field.dtype]) for field in view.features]
    for row in rows.to_pylist():
        yield (
            values.entity_key([(name, kind, row[name]) for name, kind in keys]),
            {name: values.encode(kind, row[name]) for name, kind in features},
            row[source.timestamp_field],
            row[source.created_timestamp_column] if source.created_timestamp_column else None,
        )


def _found_online(store: FeatureStore, view: FeatureView, rows: pa.Table) -> int:
    """The number of keys that are online; a null counts as a value."""
    if not rows.num_rows:
        return 0
    answer = store.get_online_features(
        features=[f"{view.name}:{feature.name}" for feature in view.features],
        entity_rows=rows.select(view.join_keys).to_pylist(),
    )
    features = answer.proto.results[len(view.join_keys) :]
    statuses = zip(*(feature.statuses for feature in features), strict=True)
    return sum(any(status != FieldStatus.NOT_FOUND for status in row) for row in statuses)


def _scalar(moment: datetime) -> pa.Scalar:
    return pa.scalar(moment, pa.timestamp("us", tz="UTC"))
