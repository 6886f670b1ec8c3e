"""The environment's feature store: opening it, and registering what was compiled."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from feast import FeatureStore, FeatureView, FileSource, RepoConfig
from feast.errors import FeatureViewNotFoundException
from feast.repo_config import load_repo_config
from feast.repo_operations import apply_total

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_SQLITE = "sqlite:///"
_PASSWORDS = ("MLOPS_POSTGRES_PASSWORD", "MLOPS_REDIS_PASSWORD")


def open_store(workspace: Workspace) -> FeatureStore:
    """The environment's feature store."""
    return FeatureStore(config=_config(workspace))


def view(store: FeatureStore, name: str) -> FeatureView:
    """The registered view. Raises `PlatformError` if Feast does not know it."""
    try:
        return store.get_feature_view(name)
    except FeatureViewNotFoundException:
        raise PlatformError(
            f"Feast does not know the feature view '{name}': `python -m mlops_runtime apply` registers "
            "what was compiled, and `mlops up` runs it."
        ) from None


def table_of(view: FeatureView) -> str:
    """The table that the view is made from: a file of its name, or a relation of PostgreSQL."""
    source = view.batch_source
    if isinstance(source, FileSource):
        return Path(source.path).stem
    relation: str = source.get_table_query_string()
    return relation.removeprefix("public.").strip('"')


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


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the warning, at each query, that ibis 12 calls what DuckDB 2 has renamed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _config(workspace: Workspace) -> RepoConfig:
    repository = workspace.feast_repository
    path = repository / "feature_store.yaml"
    if not path.is_file():
        raise PlatformError(f"{path} does not exist; run `npm run compile` to write it.")
    for variable in _PASSWORDS:
        _provide(workspace, variable)
    config = load_repo_config(repository, path)
    config.repo_path = repository
    # A registry's path is relative to the repository, wherever this process was started.
    if "://" in config.registry.path and not config.registry.path.startswith(_SQLITE):
        return config
    scheme = _SQLITE if config.registry.path.startswith(_SQLITE) else ""
    config.registry.path = scheme + str((repository / config.registry.path.removeprefix(scheme)).resolve())
    return config


def _provide(workspace: Workspace, variable: str) -> None:
    """Feast fills `${VARIABLE}` from the process's environment; a password may stand in a file."""
    if f"{variable}_FILE" in workspace.variables or variable in workspace.variables:
        os.environ[variable] = workspace.password(variable)


@contextlib.contextmanager
def _undisturbed_imports() -> Iterator[None]:
    """Feast imports the repository's modules by bare names, such as `entities`; forgets them afterwards."""
    path, modules = list(sys.path), set(sys.modules)
    sys.path.insert(0, "")
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if "generated" in Path(getattr(sys.modules[name], "__file__", None) or "").parts:
                del sys.modules[name]
