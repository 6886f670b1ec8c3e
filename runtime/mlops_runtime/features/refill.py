"""An empty online store filled from the offline store, as after a restore."""

from __future__ import annotations

from typing import Any

import redis

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import online
from mlops_runtime.features import store as feature_store
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import address, connect

Evidence = dict[str, Any]


def everything(workspace: Workspace) -> Evidence:
    """Each registered view that is kept online and has a table. `notes` are sentences on those left empty.

    Raises `PlatformError` if Redis does not answer.
    """
    _require_redis(workspace)
    views = [each for each in feature_store.open_store(workspace).list_feature_views() if each.online]
    with postgres.failures(workspace), postgres.connect(workspace) as connection:
        published = [each.name for each in views if postgres.exists(connection, feature_store.table_of(each))]
    filled: Evidence = {}
    notes: list[str] = []
    for name in sorted(published):
        try:
            filled |= online.materialize(workspace, [name])
        except PlatformError as error:  # as its pipeline would say; another view is not the worse for it
            notes.append(f"The view '{name}' has nothing online: {error}")
    return {"views": filled, "notes": notes}


def _require_redis(workspace: Workspace) -> None:
    server = address(workspace)
    try:
        connect(workspace).ping()
    except redis.RedisError as error:
        raise PlatformError(f"Redis at {server.host}:{server.port} does not answer: {error}.") from error
