"""The offline store in PostgreSQL: what the warehouse publishes, as tables that Feast reads.

`<table>__<digest>` holds one snapshot, `<table>__stream` what a stream consumer has written since, and
the view `<table>` shows both together: of two rows with the same keys and event time the one that was
created later. The Parquet snapshots stay what counts: any of these tables can be made again from them.
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
