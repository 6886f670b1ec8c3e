"""Feast's query for PostgreSQL on what it stumbles over by itself (see `pinned_tables`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import psycopg
import pytest
from feast import Entity, FeatureStore, FeatureView, Field
from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import PostgreSQLSource
from feast.types import Bool, Float64, Int64, String
from feast.value_type import ValueType
from trips import odd_names

from mlops_runtime.environment import Workspace
from mlops_runtime.features import store
from mlops_runtime.features.pinned import ROW
from mlops_runtime.features.pinned_tables import PinnedTables
from mlops_runtime.live import sides
from mlops_runtime.stores import postgres
from servers.running import Servers

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "a" * 50


@pytest.fixture
def workspace(servers: Servers) -> Iterator[Workspace]:
    sides.bring(servers.workspace, "feast")
    with postgres.connect(servers.workspace) as connection:
        connection.execute("DROP TABLE IF EXISTS joined")
    yield servers.workspace
    with postgres.connect(servers.workspace) as connection:
        connection.execute("DROP TABLE IF EXISTS joined")


@pytest.fixture
def live(workspace: Workspace) -> FeatureStore:
    return store.open_store(workspace)


def fill(workspace: Workspace, columns: str, rows: list[tuple[object, ...]]) -> None:
    with postgres.connect(workspace) as connection:
        connection.execute(f"CREATE TABLE joined ({columns}, observed_at timestamptz)".encode())
        slots = ", ".join(["%s"] * len(rows[0]))
        connection.cursor().executemany(f"INSERT INTO joined VALUES ({slots})".encode(), rows)


def view(name: str, keys: dict[str, tuple[ValueType, object]], fields: dict[str, object]) -> FeatureView:
    return FeatureView(
        name=name,
        entities=[
            Entity(name=f"e_{key}", join_keys=[key], value_type=kind) for key, (kind, _) in keys.items()
        ],
        ttl=timedelta(days=1),
        schema=[
            *(Field(name=key, dtype=kind) for key, (_, kind) in keys.items()),
            *(Field(name=name, dtype=kind) for name, kind in fields.items()),
        ],
        source=PostgreSQLSource(name="joined", table="public.joined", timestamp_field="observed_at"),
    )


TEXT, NUMBER = (ValueType.STRING, String), (ValueType.INT64, Int64)


def joined(live: FeatureStore, folder: Path, one: FeatureView, rows: pd.DataFrame) -> pd.DataFrame:
    pinned = PinnedTables(live, [one], {one.name: "joined"}, folder)
    numbered = rows.assign(event_timestamp=NOON, **{ROW: np.arange(len(rows))})
    refs = [f"{one.name}:{feature.name}" for feature in one.features]
    table = pinned.join(numbered, refs).sort_by(ROW)
    assert table[ROW].to_pylist() == list(range(len(rows)))
    return table.drop_columns(ROW).to_pandas()


def test_keys_that_read_the_same_side_by_side_are_told_apart(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    fill(workspace, "a text, b text, x float8", [("u", "vw", 1.0, NOON), ("uv", "w", 2.0, NOON)])
    one = view("pairs", {"a": TEXT, "b": TEXT}, {"x": Float64})
    rows = pd.DataFrame({"a": ["u", "uv", "u", None], "b": ["vw", "w", "w", "w"]})
    found = joined(live, tmp_path, one, rows)["pairs__x"]
    assert found.tolist()[:2] == [1.0, 2.0]
    assert found[2:].isna().all()


def test_numbers_and_flags_are_keys_too_also_where_some_are_missing(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    fill(workspace, "a int8, b boolean, x int8", [(1, True, 2**53 - 1, NOON), (2, False, 7, NOON)])
    one = view("mixed", {"a": NUMBER, "b": (ValueType.BOOL, Bool)}, {"x": Int64})
    rows = pd.DataFrame({"a": [1, None, 2], "b": [True, True, False]})
    found = joined(live, tmp_path, one, rows)["mixed__x"]
    assert pd.isna(found[1])
    assert [int(found[0]), int(found[2])] == [2**53 - 1, 7]


def test_the_odd_names_that_the_compiler_allows_work(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    names = odd_names.allowed("feature", "column", servers=True)
    values = [float(at) for at, _ in enumerate(names)]
    fill(workspace, ", ".join(["a text", *(f'"{name}" float8' for name in names)]), [("u", *values, NOON)])
    one = view("odd", {"a": TEXT}, dict.fromkeys(names, Float64))
    found = joined(live, tmp_path, one, pd.DataFrame({"a": ["u"]}))
    assert found.iloc[0].to_dict() == {
        f"odd__{name}": value for name, value in zip(names, values, strict=True)
    }


@pytest.mark.parametrize("name", ["event_timestamp", "entity_timestamp", "row_number", "xmin"])
def test_a_feature_that_the_compiler_refuses_does_not_work(
    workspace: Workspace, live: FeatureStore, tmp_path: Path, name: str
) -> None:
    assert odd_names.is_reserved(name, "feature", "column", servers=True)
    with pytest.raises(psycopg.Error):
        fill(workspace, f'a text, "{name}" float8', [("u", 1.0, NOON)])
        joined(live, tmp_path, view("odd", {"a": TEXT}, {name: Float64}), pd.DataFrame({"a": ["u"]}))


def test_names_that_postgresql_would_cut_off_stay_apart(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    fill(workspace, f'a text, "{LONG}_1" float8, "{LONG}_2" float8', [("u", 1.0, 2.0, NOON)])
    one = view(f"{LONG}_view", {"a": TEXT}, {f"{LONG}_1": Float64, f"{LONG}_2": Float64})
    found = joined(live, tmp_path, one, pd.DataFrame({"a": ["u"]}))
    assert found.iloc[0].to_dict() == {f"{LONG}_view__{LONG}_1": 1.0, f"{LONG}_view__{LONG}_2": 2.0}


def test_rows_without_any_key_and_rows_given_twice_each_come_back(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    fill(workspace, "a text, x float8", [("u", 1.0, NOON), ("u", 3.0, NOON)])  # of two alike, one counts
    one = view("single", {"a": TEXT}, {"x": Float64})
    nothing = joined(live, tmp_path / "none", one, pd.DataFrame({"a": [None, None]}))
    assert nothing["single__x"].isna().tolist() == [True, True]
    twice = joined(live, tmp_path / "twice", one, pd.DataFrame({"a": ["u", "u", "v"]}))
    assert twice["single__x"].tolist()[:2] == [3.0, 3.0]
    assert pd.isna(twice["single__x"][2])


def test_the_joins_connections_do_not_guess_and_everyone_elses_do(
    workspace: Workspace, live: FeatureStore, tmp_path: Path
) -> None:
    from feast.infra.utils.postgres.connection_utils import _get_conn

    fill(workspace, "a text, x float8", [("u", 1.0, NOON)])
    pinned = PinnedTables(live, [view("single", {"a": TEXT}, {"x": Float64})], {"single": "joined"}, tmp_path)

    def setting(connection: psycopg.Connection[tuple[object, ...]], name: str) -> object:
        with connection:
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        return row and row[0]

    of_joins = pinned._store.config.offline_store
    assert setting(_get_conn(of_joins), "enable_nestloop") == "off"
    assert setting(_get_conn(of_joins), "search_path") == "public,public"
    assert setting(postgres.connect(workspace), "enable_nestloop") == "on"
