"""The offline store in PostgreSQL: published tables in the form that Feast reads.

`<table>__<digest>` holds one snapshot, and `<table>__stream` the rows that a stream consumer has written
since. The view `<table>` shows both; of two rows with the same keys and event time, the one created later.
The Parquet snapshots remain the source: all snapshot tables can be rebuilt from them.
"""

from mlops_runtime.offline.names import contract_keys, snapshot_table, stream_columns, stream_table
from mlops_runtime.offline.snapshots import drop, is_used, load
from mlops_runtime.offline.stream import ensure_stream, has_unfolded
from mlops_runtime.offline.view import publish, read

__all__ = [
    "contract_keys",
    "drop",
    "ensure_stream",
    "has_unfolded",
    "is_used",
    "load",
    "publish",
    "read",
    "snapshot_table",
    "stream_columns",
    "stream_table",
]
