"""Feast's registry: entities, data sources, feature views and services of the environment's project."""

from __future__ import annotations

import base64
import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mlops_runtime.imports import before_feast  # noqa: F401 - before Feast

# isort: split
import sqlalchemy
from feast import FeatureStore, FeatureView
from feast.data_source import DataSource
from feast.feature_service import FeatureService
from feast.repo_operations import parse_repo
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from mlops_runtime.environment import Workspace
from mlops_runtime.features import store
from mlops_runtime.live.state import Change, State

SQLITE = "sqlite:///"
# Feast creates this one itself, for views without an entity.
DUMMY = "__dummy"
# Kinds of objects, and what a repository and a store call them.
KINDS = {
    "entity": "entities",
    "data_source": "data_sources",
    "feature_view": "feature_views",
    "stream_feature_view": "stream_feature_views",
    "on_demand_feature_view": "on_demand_feature_views",
    "feature_service": "feature_services",
}
# What the registry calls it to forget one.
DELETES = {
    "entity": "delete_entity",
    "data_source": "delete_data_source",
    "feature_view": "delete_feature_view",
    "stream_feature_view": "delete_feature_view",
    "on_demand_feature_view": "delete_feature_view",
    "feature_service": "delete_feature_service",
}


def desired(workspace: Workspace) -> State:
    """What the environment's Feast repository defines."""
    return {address: _plain(found) for address, found in _defined(workspace).items()}


def observe(workspace: Workspace) -> State:
    """What is registered, read through a connection that cannot write: Feast's own creates missing tables."""
    config = store.config(workspace)
    path = config.registry.path
    if path.startswith(SQLITE) and not Path(path.removeprefix(SQLITE)).exists():
        return {}
    config.registry.path = read_only(path)
    config.registry.schema_mode = "skip"
    if not _is_registered(config.registry.path, config.project):
        return {}
    return {address: _plain(found) for address, found in _registered(FeatureStore(config=config)).items()}


def apply(workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Registers the definitions that differ, and deletes those that no longer exist.

    Feast's own deletion takes online values along, which are data: they stay (features/left.py).
    """
    (workspace.state / "feast").mkdir(parents=True, exist_ok=True)
    opened = store.open_store(workspace)
    defined, registered = _defined(workspace), _registered(opened)
    given = [defined[change.address] for change in changes if change.kind != "delete"]
    # As long as a table has no columns, Feast cannot validate a view against it.
    opened.apply(given)
    for address in (change.address for change in changes if change.kind == "delete"):
        delete = getattr(opened.registry, DELETES[address.split("/")[1]])
        delete(registered[address].name, project=opened.project)
    opened.refresh_registry()
    return {
        "registered": [change.address for change in changes if change.kind != "delete"],
        "removed": [change.address for change in changes if change.kind == "delete"],
    }


def read_only(path: str) -> str:
    """The same registry, over a connection on which every write fails."""
    if path.startswith(SQLITE):
        # Quoted twice, because SQLAlchemy and SQLite unquote it once each.
        return f"{SQLITE}file:{quote(quote(path.removeprefix(SQLITE)))}?mode=ro&uri=true"
    url = sqlalchemy.make_url(path).update_query_dict({"options": "-c default_transaction_read_only=on"})
    return url.render_as_string(hide_password=False)


def _is_registered(path: str, project: str) -> bool:
    """Whether anything was ever applied: in an empty database Feast would have to create tables first."""
    engine = sqlalchemy.create_engine(path)
    try:
        with engine.connect() as connection:
            if not sqlalchemy.inspect(connection).has_table("feast_metadata"):
                return False
            query = sqlalchemy.text("SELECT 1 FROM feast_metadata WHERE project_id = :project")
            return connection.execute(query, {"project": project}).first() is not None
    finally:
        engine.dispose()


def _defined(workspace: Workspace) -> dict[str, Any]:
    repository = workspace.feast_repository
    with _undisturbed_imports(), contextlib.chdir(repository):
        contents = parse_repo(repository)
    return _by_address({kind: getattr(contents, plural) for kind, plural in KINDS.items()})


def _registered(opened: FeatureStore) -> dict[str, Any]:
    return _by_address({kind: getattr(opened, f"list_{plural}")() for kind, plural in KINDS.items()})


def _by_address(objects: dict[str, Any]) -> dict[str, Any]:
    return {
        f"feast/{kind}/{each.name}": each
        for kind, found in objects.items()
        for each in found
        if each.name != DUMMY
    }


def _plain(found: Any) -> dict[str, Any]:
    if isinstance(found, FeatureService):
        return _plain_service(found)
    proto = found.to_proto()
    if isinstance(found, DataSource):
        return _plain_source(MessageToDict(proto, preserving_proto_field_name=True))
    spec = MessageToDict(proto.spec, preserving_proto_field_name=True)
    if isinstance(found, FeatureView):
        for source in ("batch_source", "stream_source"):
            if source in spec:
                spec[source] = _copied_source(spec[source])
        spec["feature"] = _by_name(spec.pop("features", []))
        # Feast takes these from the view's entities when it registers the view.
        spec.pop("entity_columns", None)
    return {key: value for key, value in spec.items() if key not in ("name", "project", "version")}


def _plain_source(found: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in found.items()
        if key not in ("name", "project", "meta", "data_source_class_type")
    }
    if "custom_options" in kept:
        # PostgreSQL's options are JSON in bytes, which protobuf's own JSON shows in base64.
        kept["custom_options"] = json.loads(base64.b64decode(kept["custom_options"]["configuration"]))
    return kept


def _copied_source(source: dict[str, Any]) -> Any:
    """A view carries a copy of its source; that of a file says where the checkout lay at that time."""
    return [source["name"], source["file_options"]["uri"]] if "file_options" in source else source["name"]


def _plain_service(service: FeatureService) -> dict[str, Any]:
    spec = MessageToDict(service.to_proto().spec, preserving_proto_field_name=True)
    views = {
        each["feature_view_name"]: {
            "feature": _by_name(each.get("feature_columns", [])),
            # As each view does, a service carries copies of its views' sources.
            **{
                key: _copied_source(each[key])
                for key in ("batch_source",)
                if "file_options" in each.get(key, {})
            },
            **{key: each[key] for key in ("feature_view_name_alias", "join_key_map") if key in each},
        }
        for each in spec.pop("features", [])
    }
    kept = {key: value for key, value in spec.items() if key not in ("name", "project")}
    return {**kept, "feature_view": views}


def _copied_files(view: dict[str, Any]) -> dict[str, Any]:
    source = view.get("batch_source", {})
    return {"batch_source": _copied_source(source)} if "file_options" in source else {}


def _by_name(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["name"]: {key: each[key] for key in each if key != "name"} for each in fields}


@contextlib.contextmanager
def _undisturbed_imports() -> Iterator[None]:
    """Removes the repository's modules afterwards, which Feast imports by bare names such as `entities`."""
    path, modules = list(sys.path), set(sys.modules)
    sys.path.insert(0, "")
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if "generated" in Path(getattr(sys.modules[name], "__file__", None) or "").parts:
                del sys.modules[name]
