"""Settings of Redis that the platform relies on; others are whoever's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State
from mlops_runtime.stores import redis as store

PREFIX = "redis/setting/"


def desired(workspace: Workspace) -> State:
    return {f"{PREFIX}{name}": {"value": value} for name, value in _stated(workspace).items()}


def observe(workspace: Workspace) -> State:
    with _client(workspace) as client:
        found = {name: client.config_get(name) for name in _stated(workspace)}
    return {f"{PREFIX}{name}": {"value": each[name]} for name, each in found.items() if name in each}


def apply(workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Without a restart, and so without a lookup that fails."""
    with _client(workspace) as client:
        for change in changes:
            client.config_set(change.name, (change.desired or {})["value"])
    return {"set": [change.name for change in changes]}


def _stated(workspace: Workspace) -> dict[str, str]:
    path = workspace.root / "generated" / workspace.name / "redis" / "settings.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


@contextmanager
def _client(workspace: Workspace) -> Iterator[Any]:
    where = store.address(workspace)
    try:
        with store.connect(workspace) as client:
            yield client
    except redis.RedisError as error:
        raise PlatformError(f"Redis at {where.host}:{where.port} failed: {error}.") from error
