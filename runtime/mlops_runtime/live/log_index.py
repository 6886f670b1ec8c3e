"""The index of logs: component and index templates, ingest pipelines, lifecycle policies, data streams.

Elasticsearch and OpenSearch have the same API, except for the lifecycle: OpenSearch has another kind of
policy, so there the component that names it stays empty.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State

TIMEOUT_SECONDS = 20
START_SECONDS = 60
# Names that only this platform uses; others may have templates in the same index.
OURS = "mlops-*"
# A line as a service writes it; the pipeline must turn it into typed fields.
LINE = '{"@timestamp": "2026-01-01T00:00:00Z", "message": "tried", "http.response.status_code": 200}'

# Folders below generated/common/elk, and the index's own paths; what later kinds need comes first.
FOLDERS = {
    "component_template": "component_templates",
    "ingest_pipeline": "ingest_pipelines",
    "lifecycle_policy": "lifecycle_policies",
    "index_template": "index_templates",
}
PATHS = {
    "component_template": "_component_template",
    "ingest_pipeline": "_ingest/pipeline",
    "lifecycle_policy": "_ilm/policy",
    "index_template": "_index_template",
    "data_stream": "_data_stream",
}


class Index:
    def __init__(self, workspace: Workspace) -> None:
        if workspace.environment.elasticsearch is None:
            raise PlatformError(
                f"The environment '{workspace.name}' has no index of logs: its `stores` are "
                f"{workspace.environment.stores}."
            )
        where = workspace.environment.elasticsearch
        self._url = f"http://{where.host}:{where.port}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The response's JSON, or None for 404. Raises `PlatformError` with the index's reason."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(
            f"{self._url}/{path}", data=data, method=method, headers={"content-type": "application/json"}
        )
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code == 404:
                return None
            raise PlatformError(
                f"The index at {self._url} refused {method} {path} ({error.code}): {text[:500]}"
            ) from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise PlatformError(f"The index of logs does not answer at {self._url} ({reason}).") from error

    def is_opensearch(self) -> bool:
        """Waits for a node that is still starting."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                found = self.ask("GET", "")
                return bool(found["version"].get("distribution") == "opensearch")
            except PlatformError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)


def desired(workspace: Workspace) -> State:
    """The compiled objects, of the kinds that this distribution has."""
    bodies = _bodies(workspace, Index(workspace).is_opensearch())
    state = {address: _normal(address, body) for address, body in bodies.items()}
    templates = {
        address: body for address, body in state.items() if address.startswith("elk/index_template/")
    }
    for stream in _streams(workspace):
        fitting = [
            address
            for address, template in templates.items()
            if any(fnmatchcase(stream, pattern) for pattern in template["index_patterns"])
        ]
        best = max(fitting, key=lambda address: templates[address].get("priority", 0), default="")
        state[f"elk/data_stream/{stream}"] = {"template": best.rpartition("/")[2]}
    return state


def observe(workspace: Workspace) -> State:
    """The platform's templates, pipelines and policies, and this environment's data streams."""
    index = Index(workspace)
    opensearch = index.is_opensearch()
    compiled = _bodies(workspace, opensearch)
    state = {
        address: _normal(address, body)
        for kind in FOLDERS
        if not (opensearch and kind == "lifecycle_policy")
        for name, body in _listed(index, kind).items()
        if (address := f"elk/{kind}/{name}") in compiled or fnmatchcase(name, OURS)
    }
    for stream in _streams(workspace):
        for each in (index.ask("GET", f"_data_stream/{stream}") or {}).get("data_streams", []):
            state[f"elk/data_stream/{each['name']}"] = {"template": each["template"]}
    return state


def apply(workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Creates what others use before them, and deletes it after them."""
    index = Index(workspace)
    bodies = _bodies(workspace, index.is_opensearch())
    order = list(PATHS)
    for change in sorted(changes, key=lambda each: order.index(_kind(each.address))):
        # An existing stream is switched to the template that now fits it best.
        if change.kind == "create" or (change.kind == "update" and change.address in bodies):
            index.ask("PUT", _path(change), bodies.get(change.address))
    for change in sorted(changes, key=lambda each: -order.index(_kind(each.address))):
        if change.kind == "delete":
            index.ask("DELETE", _path(change))
    return {
        "changed": [change.name for change in changes if change.kind != "delete"],
        "removed": [change.name for change in changes if change.kind == "delete"],
    }


def check(workspace: Workspace) -> dict[str, Any]:
    """Sends a service's line through each pipeline, without indexing it."""
    index = Index(workspace)
    for path in sorted((workspace.common / "elk" / "ingest_pipelines").glob("*.json")):
        document = {"_source": {"message": LINE, "@timestamp": "2000-01-01T00:00:00Z"}}
        found = index.ask("POST", f"_ingest/pipeline/{path.stem}/_simulate", {"docs": [document]})
        source = found["docs"][0].get("doc", {}).get("_source", {})
        if source.get("message") != "tried" or source.get("http.response.status_code") != 200:
            raise PlatformError(f"The ingest pipeline '{path.stem}' does not read a service's line: {found}")
    return {
        "data_streams": _streams(workspace),
        "distribution": "opensearch" if index.is_opensearch() else "elasticsearch",
    }


def _listed(index: Index, kind: str) -> dict[str, Any]:
    """Every object of the kind, by name."""
    found = index.ask("GET", PATHS[kind]) or {}
    if not kind.endswith("_template"):
        return dict(found)
    return {each["name"]: each[kind] for each in found[f"{kind}s"]}


def _bodies(workspace: Workspace, opensearch: bool) -> dict[str, Any]:
    """By address, as they are sent."""
    found = {
        f"elk/{kind}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
        for kind, folder in FOLDERS.items()
        for path in sorted((workspace.common / "elk" / folder).glob("*.json"))
        if not (opensearch and kind == "lifecycle_policy")
    }
    if opensearch:
        found |= {key: {"template": {}} for key in found if key.endswith("-lifecycle")}
    return found


def _streams(workspace: Workspace) -> list[str]:
    path = workspace.root / "generated" / workspace.name / "elk" / "data_streams.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["data_streams"])


def _kind(address: str) -> str:
    return address.split("/")[1]


def _path(change: Change) -> str:
    return f"{PATHS[_kind(change.address)]}/{change.name}"


def _normal(address: str, body: dict[str, Any]) -> dict[str, Any]:
    """A form that is equal for what was sent and what the index returns, which normalises settings and adds
    dates and defaults.
    """
    kept = {key: value for key, value in body.items() if key not in _OF_THE_INDEX}
    if template := kept.get("template"):
        kept["template"] = template | (
            {"settings": dict(sorted(_flat(template["settings"])))} if "settings" in template else {}
        )
    if "data_stream" in kept:
        kept["data_stream"] = {
            key: value
            for key, value in kept["data_stream"].items()
            if (key, value) not in _DEFAULTS_OF_STREAMS
        }
    if _kind(address) == "lifecycle_policy":
        kept = {"policy": _with_defaults(kept["policy"])}
    return kept


_OF_THE_INDEX = frozenset({"modified_date", "modified_date_millis", "created_date", "created_date_millis"})
_DEFAULTS_OF_STREAMS: list[tuple[str, Any]] = [
    ("hidden", False),
    ("allow_custom_routing", False),
    ("timestamp_field", {"name": "@timestamp"}),
]


def _flat(settings: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Settings as the index keeps them: dotted names that begin with `index.`, and text as values."""
    flat: list[tuple[str, Any]] = []
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat += _flat(value, f"{name}.")
        else:
            full = name if name.startswith("index.") else f"index.{name}"
            flat.append((full, [_text(each) for each in value] if isinstance(value, list) else _text(value)))
    return flat


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with_defaults(policy: dict[str, Any]) -> dict[str, Any]:
    """Adds what Elasticsearch adds: a phase's begin, and that a searchable snapshot goes with its index."""
    phases = {name: {"min_age": "0ms", **phase} for name, phase in policy["phases"].items()}
    actions = phases.get("delete", {}).get("actions", {})
    if "delete" in actions:
        actions["delete"] = {"delete_searchable_snapshot": True, **actions["delete"]}
    return policy | {"phases": phases}
