"""Connections to the environment's Kafka."""

from __future__ import annotations

from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError


def settings(workspace: Workspace, **more: Any) -> dict[str, Any]:
    """Settings of a librdkafka client. Raises `PlatformError` in an environment without Kafka."""
    if workspace.environment.kafka is None:
        raise PlatformError(
            f"The environment '{workspace.name}' has no Kafka: its `stores` are "
            f"{workspace.environment.stores}."
        )
    return {"bootstrap.servers": workspace.environment.kafka.bootstrap_servers, "log_level": 3, **more}
