"""Each type, with missing and extreme values, from a step's frame to the model, on PostgreSQL and Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from values import every_type

from mlops_runtime.serving.redis_features import RedisFeatures
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import connect
from servers.running import Servers


@pytest.mark.parametrize("dtypes", every_type.DTYPES)
def test_a_value_reaches_table_training_and_serving_as_the_step_gave_it(
    servers: Servers, tmp_path: Path, dtypes: str
) -> None:
    ports = servers.postgres.port, servers.redis.port
    workspace = every_type.build(tmp_path, ports, servers.workspace.variables)
    with postgres.connect(workspace) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    connect(workspace).flushall()
    every_type.require_equal_everywhere(
        workspace, dtypes, lambda: RedisFeatures(workspace, every_type.serving(), lambda *_: None)
    )
