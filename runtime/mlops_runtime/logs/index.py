"""The index of logs as it was compiled: templates, ingest pipeline, lifecycle, data streams. Idempotent.

Elasticsearch and OpenSearch speak the same language, but for the lifecycle: OpenSearch has another kind of
policy, so there the component that names it stays empty.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

TIMEOUT_SECONDS = 20
START_SECONDS = 60
EMPTY: dict[str, Any] = {"template": {}}
# What a service writes; it has to come out of the pipeline as typed fields.
LINE = '{"@timestamp": "2026-01-01T00:00:00Z", "message": "tried", "http.response.status_code": 200}'


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
        """The answer; None where there is no such thing. Raises `PlatformError` with the index's reason."""
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
        """Waits for a node that is just starting."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                found = self.ask("GET", "")
                return bool(found["version"].get("distribution") == "opensearch")
            except PlatformError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)


def apply(workspace: Workspace) -> dict[str, Any]:
    """What was made and altered; then a line is sent through the pipeline, and each stream asked for."""
    index = Index(workspace)
    opensearch = index.is_opensearch()
    folder = workspace.common / "elk"
    changed = [
        *(
            _put(index, "_component_template", path, opensearch)
            for path in _files(folder, "component_templates")
        ),
        *(_put(index, "_ingest/pipeline", path) for path in _files(folder, "ingest_pipelines")),
        *(
            ()
            if opensearch
            else (_put(index, "_ilm/policy", p) for p in _files(folder, "lifecycle_policies"))
        ),
        *(_put(index, "_index_template", path) for path in _files(folder, "index_templates")),
    ]
    streams = _streams(workspace)
    for stream in streams:
        if index.ask("GET", f"_data_stream/{stream}") is None:
            index.ask("PUT", f"_data_stream/{stream}")
            changed.append(stream)
    _try(index, folder)
    return {
        "changed": [name for name in changed if name],
        "data_streams": streams,
        "distribution": "opensearch" if opensearch else "elasticsearch",
    }


def _files(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / kind).glob("*.json"))


def _streams(workspace: Workspace) -> list[str]:
    path = workspace.root / "generated" / workspace.name / "elk" / "data_streams.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["data_streams"])


def _put(index: Index, kind: str, path: Path, opensearch: bool = False) -> str | None:
    """The name where it was not there as it is compiled."""
    name, wanted = path.stem, json.loads(path.read_text(encoding="utf-8"))
    if opensearch and name.endswith("-lifecycle"):
        wanted = EMPTY
    before = index.ask("GET", f"{kind}/{name}")
    index.ask("PUT", f"{kind}/{name}", wanted)
    after = index.ask("GET", f"{kind}/{name}")
    if after is None:
        raise PlatformError(f"The index took {kind}/{name}, and does not have it.")
    return name if _without_dates(before) != _without_dates(after) else None


def _without_dates(found: Any) -> Any:
    """What Elasticsearch says of a thing, but for when and how often it was written."""
    if isinstance(found, dict):
        return {
            key: _without_dates(value)
            for key, value in found.items()
            if key not in ("modified_date", "modified_date_millis", "version")
        }
    return [_without_dates(each) for each in found] if isinstance(found, list) else found


def _try(index: Index, folder: Path) -> None:
    for path in _files(folder, "ingest_pipelines"):
        document = {"_source": {"message": LINE, "@timestamp": "2000-01-01T00:00:00Z"}}
        found = index.ask("POST", f"_ingest/pipeline/{path.stem}/_simulate", {"docs": [document]})
        source = found["docs"][0].get("doc", {}).get("_source", {})
        if source.get("message") != "tried" or source.get("http.response.status_code") != 200:
            raise PlatformError(f"The ingest pipeline '{path.stem}' does not read a service's line: {found}")
