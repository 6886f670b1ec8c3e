"""A temporary feature store with the same definitions, over snapshots instead of current tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from feast import FeatureStore, FeatureView, FileSource, RepoConfig

from mlops_runtime.features import store

TIMESTAMP = "event_timestamp"  # Feast's name for the moment of an entity row
ROW = "_row"  # the position of an entity row; names of specs start with a letter
MEMORY = "1GB"  # for DuckDB's join; what does not fit is spilled to disk


class PinnedFiles:
    """Reads files in its own folder, which are cut from the snapshots for each join.

    Feast's join compares an entity row with every row of its key, whatever the time. Cutting the table to
    the rows that can match (from one TTL before the first entity row to the last) gives the same result
    several times faster.
    """

    chunk_rows = 25_000

    def __init__(
        self, live: FeatureStore, views: list[FeatureView], snapshots: Mapping[str, Path], folder: Path
    ) -> None:
        self._views, self._snapshots, self._folder = views, snapshots, folder
        for view in views:
            view.batch_source = self._source(view)
        entities = [
            live.get_entity(name) for name in sorted({name for view in views for name in view.entities})
        ]
        self._cut(views, None)
        self._store = FeatureStore(config=_config(live.config.project, folder))
        self._store.apply([*entities, *(view.batch_source for view in views), *views])

    def join(self, rows: pd.DataFrame, features: Sequence[str]) -> pa.Table:
        """The rows, in any order, with the columns `view__feature`."""
        self._cut(self._views, rows[TIMESTAMP])
        # A new database, because DuckDB caches metadata of files that are replaced here.
        ibis.set_backend(ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=str(self._folder / "spill")))
        with store.quiet():
            return self._store.get_historical_features(
                entity_df=rows,
                features=list(features),
                full_feature_names=True,
                filter_by_created_timestamp=True,  # or rows recorded later would leak into training
            ).to_arrow()

    def _source(self, view: FeatureView) -> FileSource:
        return FileSource(
            name=view.batch_source.name,
            path=str(self._folder / f"{view.name}.parquet"),
            timestamp_field=view.batch_source.timestamp_field,
            created_timestamp_column=view.batch_source.created_timestamp_column,
        )

    def _cut(self, views: list[FeatureView], times: pd.Series | None) -> None:
        for view in views:
            keep = None
            if times is not None:
                column = pc.field(view.batch_source.timestamp_field)
                keep = column <= _scalar(times.max())
                if view.ttl:  # none means forever
                    keep &= column >= _scalar(times.min() - view.ttl)
            pq.write_table(pq.read_table(self._snapshots[view.name], filters=keep), view.batch_source.path)


def _scalar(moment: pd.Timestamp) -> pa.Scalar:
    return pa.scalar(moment, pa.timestamp("us", tz="UTC"))


def _config(project: str, folder: Path) -> RepoConfig:
    return RepoConfig(
        project=project,
        provider="local",
        registry=str(folder / "registry.db"),
        offline_store={"type": "duckdb"},
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        entity_key_serialization_version=3,
        repo_path=folder,
    )
