"""Opens the environment's feature store, and looks up its views."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from feast import FeatureStore, FeatureView, FileSource, RepoConfig
from feast.errors import FeatureViewNotFoundException
from feast.repo_config import load_repo_config

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_SQLITE = "sqlite:///"
_PASSWORDS = ("MLOPS_POSTGRES_PASSWORD", "MLOPS_REDIS_PASSWORD")


def open_store(workspace: Workspace) -> FeatureStore:
    """The environment's feature store."""
    return FeatureStore(config=config(workspace))


def view(store: FeatureStore, name: str) -> FeatureView:
    """The registered view. Raises `PlatformError` if Feast does not know it."""
    try:
        return store.get_feature_view(name)
    except FeatureViewNotFoundException:
        raise PlatformError(
            f"Feast does not know the feature view '{name}': `python -m mlops_runtime apply` registers "
            "the compiled definitions, and so does `mlops up`."
        ) from None


def table_of(view: FeatureView) -> str:
    """The table behind the view: a file of that name, or a relation in PostgreSQL."""
    source = view.batch_source
    if isinstance(source, FileSource):
        return Path(source.path).stem
    relation: str = source.get_table_query_string()
    return relation.removeprefix("public.").strip('"')


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hides the warning, at each query, that ibis 12 uses a name that DuckDB 2 has deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def config(workspace: Workspace) -> RepoConfig:
    repository = workspace.feast_repository
    path = repository / "feature_store.yaml"
    if not path.is_file():
        raise PlatformError(f"{path} does not exist; run `npm run compile` to write it.")
    for variable in _PASSWORDS:
        _provide(workspace, variable)
    loaded = load_repo_config(repository, path)
    loaded.repo_path = repository
    # A registry's path is relative to the repository, and not to the current folder.
    registry = loaded.registry
    if "://" in registry.path and not registry.path.startswith(_SQLITE):
        return loaded
    scheme = _SQLITE if registry.path.startswith(_SQLITE) else ""
    registry.path = scheme + str((repository / registry.path.removeprefix(scheme)).resolve())
    return loaded


def _provide(workspace: Workspace, variable: str) -> None:
    """Sets a password's variable, which Feast reads, also if the password is in a file."""
    if f"{variable}_FILE" in workspace.variables or variable in workspace.variables:
        os.environ[variable] = workspace.password(variable)
