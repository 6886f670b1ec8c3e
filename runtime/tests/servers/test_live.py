"""The registry in PostgreSQL, observed over a connection that cannot write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy

from mlops_runtime.environment import Workspace
from mlops_runtime.features import store
from mlops_runtime.live import feature_registry, sides
from mlops_runtime.live.state import compare
from mlops_runtime.stores import postgres
from servers.running import Servers

TABLES = ("entities", "data_sources", "feature_views", "feature_services", "feast_metadata", "projects")


@pytest.fixture
def workspace(servers: Servers) -> Iterator[Workspace]:
    """The session's servers, with an empty database."""
    with postgres.connect(servers.workspace) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    yield servers.workspace


def written_by(workspace: Workspace) -> list[object]:
    """The transaction that wrote each row of the registry."""
    with postgres.connect(workspace) as connection:
        return [
            connection.execute(f"SELECT xmin::text FROM {table} ORDER BY 1".encode()).fetchall()
            for table in TABLES
        ]


def test_an_empty_database_is_observed_as_nothing_and_stays_empty(workspace: Workspace) -> None:
    assert sides.side("feast").observe(workspace) == {}
    with postgres.connect(workspace) as connection:
        count = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        )
        assert count.fetchone() == (0,)


def test_the_registry_becomes_what_is_defined_and_observing_writes_no_row(workspace: Workspace) -> None:
    sides.bring(workspace, "feast")
    before = written_by(workspace)
    feast = sides.side("feast")
    assert feast.observe(workspace) == feast.observe(workspace) == feast.desired(workspace)
    assert sides.bring(workspace, "feast")["applied"] == {}
    assert written_by(workspace) == before
    store.open_store(workspace).delete_feature_view("shop_load")
    (change,) = compare(feast.desired(workspace), feast.observe(workspace))
    assert (change.kind, change.address) == ("create", "feast/feature_view/shop_load")
    sides.bring(workspace, "feast")
    assert feast.observe(workspace) == feast.desired(workspace)


def test_the_connection_that_observes_cannot_write(workspace: Workspace) -> None:
    sides.bring(workspace, "feast")
    path = feature_registry.read_only(store.config(workspace).registry.path)
    engine = sqlalchemy.create_engine(path)
    with engine.connect() as connection, pytest.raises(sqlalchemy.exc.InternalError, match="read-only"):
        connection.execute(sqlalchemy.text("DELETE FROM feature_views"))
    engine.dispose()
