"""The offline store in PostgreSQL: published tables in the form that Feast reads.

`<table>__<digest>` holds one snapshot, and `<table>__stream` the events that a stream consumer has written.
The view `<table>` shows what follows from both; of two rows with the same keys and event time, the one
created later. `states` has the rule.
The Parquet snapshots remain the source: all snapshot tables can be rebuilt from them.
"""

from mlops_runtime.offline.names import (
    CARRIED,
    contract_keys,
    events_view,
    snapshot_table,
    stream_columns,
    stream_table,
)
from mlops_runtime.offline.snapshots import drop, is_used, load
from mlops_runtime.offline.states import identity
from mlops_runtime.offline.stream import ensure_stream, has_unfolded
from mlops_runtime.offline.view import publish, read

__all__ = [
    "CARRIED",
    "contract_keys",
    "drop",
    "ensure_stream",
    "events_view",
    "has_unfolded",
    "identity",
    "is_used",
    "load",
    "publish",
    "read",
    "snapshot_table",
    "stream_columns",
    "stream_table",
]
