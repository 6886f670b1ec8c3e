"""Feast through its Python API: one process, one import."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from feast import FeatureStore, FeatureView, FileSource, RepoConfig
from feast.errors import FeatureViewNotFoundException
from feast.repo_config import load_repo_config
from feast.repo_operations import apply_total

from mlops_runtime import frames, warehouse
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

TIMESTAMP = "event_timestamp"  # Feast's name for the moment of an entity row
MEMORY = "1GB"  # of DuckDB's join; what does not fit is spilled to disk
CHUNK_ROWS = 50_000

_SQLITE = "sqlite:///"


def open_store(workspace: Workspace) -> FeatureStore:
    """The environment's feature store."""
    return FeatureStore(config=_config(workspace))


def apply(workspace: Workspace) -> dict[str, list[str]]:
    """Registers what the environment's Feast repository defines; what it no longer defines is removed."""
    config = _config(workspace)
    (workspace.state / "feast").mkdir(parents=True, exist_ok=True)
    with _undisturbed_imports(), contextlib.chdir(workspace.feast_repository):
        # The first time there are no tables yet whose columns Feast could look at.
        apply_total(config, workspace.feast_repository, skip_source_validation=True)
    store = open_store(workspace)
    return {
        "entities": sorted(entity.name for entity in store.list_entities()),
        "feature_views": sorted(view.name for view in store.list_feature_views()),
        "feature_services": sorted(service.name for service in store.list_feature_services()),
    }


def historical(
    workspace: Workspace, features: Sequence[str], entity_rows: pd.DataFrame, digests: Mapping[str, str]
) -> pd.DataFrame:
    """The entity rows, each with the features (`view:feature`) that were known at its `event_timestamp`.

    Exactly one row comes back for each that went in, in the same order, with the same index. A
    feature's column is `view__feature`; it is missing where the join key is, where no row lies
    within the view's TTL, and where such a row was recorded (`created`) only later. Tables are
    read at the snapshots that `digests` names, so a publication in between changes nothing.
    """
    rows = entity_rows[[TIMESTAMP]].assign(row=np.arange(len(entity_rows)))
    with _pinned_store(workspace, features, digests) as (store, views):
        keys = sorted({key for view in views for key in view.join_keys})
        lacking = [key for key in keys if key not in entity_rows]
        if lacking:
            raise PlatformError(
                f"The entity rows lack the join keys {', '.join(lacking)}; they have "
                f"{', '.join(entity_rows.columns)}."
            )
        rows[keys] = entity_rows[keys]
        # In the order of time, a chunk meets only a short stretch of each view.
        rows = rows.sort_values(TIMESTAMP, kind="stable")
        found = pa.concat_tables(
            [_join(store, features, rows[at : at + CHUNK_ROWS]) for at in range(0, len(rows), CHUNK_ROWS)],
            promote_options="permissive",
        ).sort_by("row")
    if not np.array_equal(found["row"].to_numpy(), np.arange(len(entity_rows))):
        raise PlatformError(
            f"The historical join gave {found.num_rows:,} rows for "
            f"{len(entity_rows):,} entity rows; each must come back exactly once."
        )
    values = frames.to_pandas(found.drop_columns([*keys, TIMESTAMP, "row"]))
    return pd.concat([entity_rows, values.set_index(entity_rows.index)], axis=1)


def _join(store: FeatureStore, features: Sequence[str], rows: pd.DataFrame) -> pa.Table:
    return store.get_historical_features(
        entity_df=rows,
        features=list(features),
        full_feature_names=True,
        filter_by_created_timestamp=True,  # or rows that came late would leak into training
    ).to_arrow()


@contextlib.contextmanager
def _pinned_store(
    workspace: Workspace, features: Sequence[str], digests: Mapping[str, str]
) -> Iterator[tuple[FeatureStore, list[FeatureView]]]:
    """A short-lived store with the same definitions, over snapshots instead of current tables."""
    live = open_store(workspace)
    views = [_view(live, name) for name in dict.fromkeys(ref.split(":")[0] for ref in features)]
    for view in views:
        view.batch_source = _pinned_source(workspace, view.batch_source, digests)
    entities = [live.get_entity(name) for name in sorted({name for view in views for name in view.entities})]
    with TemporaryDirectory(prefix="historical-", dir=workspace.state) as folder:
        ibis.set_backend(ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=folder))
        store = FeatureStore(config=_temporary_config(live.config, Path(folder)))
        store.apply([*entities, *(view.batch_source for view in views), *views])
        yield store, views


def _view(store: FeatureStore, name: str) -> FeatureView:
    try:
        return store.get_feature_view(name)
    except FeatureViewNotFoundException:
        raise PlatformError(
            f"Feast does not know the feature view '{name}': `python -m mlops_runtime apply` registers "
            "what was compiled, and `mlops up` runs it."
        ) from None


def _pinned_source(workspace: Workspace, source: FileSource, digests: Mapping[str, str]) -> FileSource:
    table = Path(source.path).stem
    if table not in digests:
        raise PlatformError(f"No snapshot of the table '{table}' was named, from which features are read.")
    return FileSource(
        name=source.name,
        path=str(warehouse.snapshot(workspace, table, digests[table])),
        timestamp_field=source.timestamp_field,
        created_timestamp_column=source.created_timestamp_column,
    )


def _temporary_config(config: RepoConfig, folder: Path) -> RepoConfig:
    return RepoConfig(
        project=config.project,
        provider="local",
        registry=str(folder / "registry.db"),
        offline_store={"type": "duckdb"},
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        entity_key_serialization_version=3,
        repo_path=folder,
    )


def _config(workspace: Workspace) -> RepoConfig:
    repository = workspace.feast_repository
    path = repository / "feature_store.yaml"
    if not path.is_file():
        raise PlatformError(f"{path} does not exist; run `npm run compile` to write it.")
    config = load_repo_config(repository, path)
    config.repo_path = repository
    # SQLAlchemy resolves a relative path against the current folder; Feast's own stores do not.
    registry = config.registry.path
    if registry.startswith(_SQLITE):
        config.registry.path = _SQLITE + str((repository / registry.removeprefix(_SQLITE)).resolve())
    return config


@contextlib.contextmanager
def _undisturbed_imports() -> Iterator[None]:
    """Forgets the repository's modules afterwards: their names (`entities`) are not ours to keep."""
    path, modules = list(sys.path), set(sys.modules)
    sys.path.insert(0, ".")
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if "site-packages" not in file and "lib/python" not in file:
                del sys.modules[name]
