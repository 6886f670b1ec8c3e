"""The environment's Redis, which holds the online store."""

from __future__ import annotations

import redis

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

TIMEOUT_SECONDS = 10


def connect(workspace: Workspace) -> redis.Redis:
    """A client, which connects on first use. Raises `PlatformError` in an environment without Redis."""
    server = address(workspace)
    return redis.Redis(
        host=server.host,
        port=server.port,
        password=workspace.password(server.password_variable),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )


def address(workspace: Workspace) -> contracts.Redis:
    """Where Redis listens. Raises `PlatformError` in an environment without it."""
    if workspace.environment.redis is None:
        raise PlatformError(
            f"The environment '{workspace.name}' has no Redis: its `stores` are "
            f"{workspace.environment.stores}."
        )
    return workspace.environment.redis
