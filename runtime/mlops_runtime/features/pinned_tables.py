"""The pinned store on PostgreSQL: its sources are tables that hold one snapshot each, which never change.

Feast's query for PostgreSQL has three traps, which are avoided here. It identifies the entity rows of a view
with several keys by their concatenated text, so that ("a", "bc") equals ("ab", "c"): here it gets one key,
with a separator. It builds names from those of views and features, which PostgreSQL silently truncates to 63
bytes: the views have short names here and are queried one by one. And it cannot handle a column without any
value: rows without a key, which match nothing anyway, are not sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from feast import Entity, FeatureStore, FeatureView, Field, RepoConfig
from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import PostgreSQLSource
from feast.types import String
from feast.value_type import ValueType

from mlops_runtime.features.pinned import ROW, TIMESTAMP

# No feature has such a name: those of specs start with a letter.
_KEY = "_key"
_SEPARATOR = 31  # of ASCII: "unit separator"


class PinnedTables:
    """The same definitions as the live store's, over the tables that `tables` names, by view."""

    # The comparisons of a join grow with the time that a chunk spans, and so with the square of its length.
    chunk_rows = 10_000

    def __init__(
        self, live: FeatureStore, views: list[FeatureView], tables: Mapping[str, str], folder: Path
    ) -> None:
        self._views = {view.name: view for view in views}
        self._aliases = {view.name: f"v{at}" for at, view in enumerate(views)}
        entity = Entity(name="key", join_keys=[_KEY], value_type=ValueType.STRING)
        pinned = [self._pinned(view, entity, tables[view.name]) for view in views]
        config = _config(live.config.project, folder, _without_nested_loops(live.config.offline_store))
        self._store = FeatureStore(config=config)
        sources = [view.batch_source for view in pinned]
        self._store.apply([entity, *sources, *pinned], skip_feature_view_validation=True)

    def join(self, rows: pd.DataFrame, features: Sequence[str]) -> pa.Table:
        """The rows, in any order, with the columns `view__feature`."""
        joined = rows[[ROW]].reset_index(drop=True)
        for name in self._views:
            wanted = [ref.split(":")[1] for ref in features if ref.split(":")[0] == name]
            found = self._found(name, wanted, rows)
            joined = joined.join(found.add_prefix(f"{name}__"), on=ROW)
        # Without pandas' metadata, which would bring its extension types back, and only here.
        return pa.Table.from_pandas(joined, preserve_index=False).replace_schema_metadata(None)

    def _found(self, name: str, wanted: list[str], rows: pd.DataFrame) -> pd.DataFrame:
        """The features of the rows that have a key, indexed by position."""
        keys = list(self._views[name].join_keys)
        known = rows.dropna(subset=keys)
        asked = pd.DataFrame({_KEY: _key(known, keys), TIMESTAMP: known[TIMESTAMP], ROW: known[ROW]})
        if asked.empty:
            return pd.DataFrame(columns=wanted, index=pd.Index([], dtype="int64"), dtype="float64")
        # Many rows need the same values: flights that leave an airport at the same time.
        distinct = asked.drop_duplicates([_KEY, TIMESTAMP]).reset_index(drop=True)
        answer = self._ask(name, wanted, distinct)
        numbers = asked.merge(distinct, on=[_KEY, TIMESTAMP], suffixes=("", "_asked"))
        found = answer.loc[numbers[f"{ROW}_asked"]]
        return found.set_index(pd.Index(numbers[ROW]))

    def _ask(self, name: str, wanted: list[str], rows: pd.DataFrame) -> pd.DataFrame:
        table = self._store.get_historical_features(
            entity_df=rows,
            features=[f"{self._aliases[name]}:{feature}" for feature in wanted],
            full_feature_names=False,
            filter_by_created_timestamp=True,  # or rows recorded later would leak into training
        ).to_arrow()
        # Arrow's own types keep an integer an integer where some are missing.
        frame: pd.DataFrame = table.select([ROW, *wanted]).to_pandas(types_mapper=pd.ArrowDtype)
        if frame[ROW].duplicated().any():
            # Several rows of the snapshot may share key, event and created time: always choose the same one.
            frame = frame.sort_values([ROW, *wanted]).drop_duplicates(ROW, keep="last")
        return frame.set_index(frame[ROW].astype("int64")).drop(columns=ROW)

    def _pinned(self, view: FeatureView, entity: Entity, table: str) -> FeatureView:
        source, alias = view.batch_source, self._aliases[view.name]
        times = [source.timestamp_field, source.created_timestamp_column]
        names = [name for name in [*times, *(feature.name for feature in view.features)] if name]
        columns = ", ".join(f'"{name}"' for name in dict.fromkeys(names))
        key = _key_column(list(view.join_keys))
        return FeatureView(
            name=alias,
            entities=[entity],
            ttl=view.ttl,
            schema=[Field(name=_KEY, dtype=String), *view.features],
            source=PostgreSQLSource(
                name=alias,
                query=f'SELECT {key} AS "{_KEY}", {columns} FROM public."{table}"',
                timestamp_field=source.timestamp_field,
                created_timestamp_column=source.created_timestamp_column,
            ),
        )


def _key_column(keys: list[str]) -> str:
    if len(keys) == 1:
        return f'"{keys[0]}"'
    return f" || chr({_SEPARATOR}) || ".join(f'"{name}"::text' for name in keys)


def _key(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    """The keys as `_key_column` builds them in SQL."""
    if len(keys) == 1:
        return rows[keys[0]].map(_whole) if rows[keys[0]].dtype.kind == "f" else rows[keys[0]]
    texts = [rows[name].map(_text) for name in keys]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined + chr(_SEPARATOR) + text
    return joined


def _whole(value: float) -> float | int:
    """pandas turns integers into floats if some are missing."""
    return int(value) if float(value).is_integer() else value


def _text(value: Any) -> str:
    """As PostgreSQL writes it."""
    if isinstance(value, float):
        value = _whole(value)
    return str(value).lower() if pd.api.types.is_bool(value) else str(value)


def _without_nested_loops(offline_store: Any) -> dict[str, Any]:
    """PostgreSQL has no statistics of the entity rows that Feast has just uploaded, and assumes a few.

    If it then joins by nested loops, 60,000 rows take four minutes; hash joins always take 15 seconds. Feast
    has no setting for it, but writes the schema into its connections' options.
    """
    schema = f"{offline_store.db_schema} -c enable_nestloop=off -c search_path={offline_store.db_schema}"
    return {**offline_store.model_dump(), "db_schema": schema}


def _config(project: str, folder: Path, offline_store: dict[str, Any]) -> RepoConfig:
    return RepoConfig(
        project=project,
        provider="local",
        registry=str(folder / "registry.db"),
        offline_store=offline_store,
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        entity_key_serialization_version=3,
        repo_path=folder,
    )
