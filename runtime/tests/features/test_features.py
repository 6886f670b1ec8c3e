"""Feast itself, on a workspace of two feature views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trips import repository

from mlops_runtime import features, steps
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse

LOAD, STATE = ["shop_load:orders", "shop_load:mean_wait"], ["driver_state:last_delay"]
START = pd.Timestamp("2026-01-01", tz="UTC")
TTL = {"shop_load": pd.Timedelta("6h"), "driver_state": pd.Timedelta("2D")}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A week of random rows, some of them recorded late, and some twice."""
    workspace = repository.build(tmp_path_factory.mktemp("store"))
    sides.bring(workspace, "feast")
    for table, frame in random_tables(np.random.default_rng(1)).items():
        warehouse.publish(workspace, table, frame, "test")
    yield workspace


def random_tables(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    def rows(key: str, names: list[str], count: int) -> pd.DataFrame:
        observed = START + pd.to_timedelta(rng.integers(0, 7 * 24, count), unit="h")
        late = pd.to_timedelta(rng.choice([10, 10, 10, 600], count), unit="min")
        frame = pd.DataFrame({key: rng.choice(names, count), "observed_at": observed})
        frame["ingested_at"] = frame["observed_at"] + late
        return frame.drop_duplicates([key, "observed_at", "ingested_at"])

    loads = rows("shop", ["a", "b", "c"], 400)
    states = rows("driver", ["x", "y"], 150)
    return {
        "shop_load": loads.assign(orders=range(len(loads)), mean_wait=rng.random(len(loads))),
        "driver_state": states.assign(last_delay=rng.random(len(states))),
    }


def digests(workspace: Workspace) -> dict[str, str]:
    return {table: warehouse.current(workspace, table).digest for table in TTL}


def entity_rows(count: int, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    minutes = rng.integers(-600, 9 * 24 * 60, count)
    return pd.DataFrame(
        {
            "event_timestamp": START + pd.to_timedelta(minutes, unit="min"),
            "shop": rng.choice(["a", "b", "c", "unknown", None], count),
            "driver": rng.choice(["x", "y", None], count),
            "note": range(count),
        },
        index=rng.permutation(count),
    )


def newest_known(
    table: pd.DataFrame, key: str, value: object, moment: pd.Timestamp, ttl: pd.Timedelta
) -> int | None:
    """The position of the row that a join must find, by the definition."""
    known = table[
        (table[key] == value)
        & (table["observed_at"] <= moment)
        & (table["ingested_at"] <= moment)
        & (table["observed_at"] >= moment - ttl)
    ].sort_values(["observed_at", "ingested_at"])
    return known.index[-1] if len(known) else None


def test_the_join_finds_what_was_known_and_nothing_else(store: Workspace) -> None:
    rows = entity_rows(300)
    joined = features.historical(store, LOAD + STATE, rows, digests(store))
    pd.testing.assert_frame_equal(joined[rows.columns], rows)
    loads, states = warehouse.read(store, "shop_load"), warehouse.read(store, "driver_state")
    for (_, row), (_, found) in zip(rows.iterrows(), joined.iterrows(), strict=True):
        at = newest_known(loads, "shop", row["shop"], row["event_timestamp"], TTL["shop_load"])
        orders = found["shop_load__orders"]
        assert pd.isna(orders) if at is None else orders == loads["orders"][at]
        at = newest_known(states, "driver", row["driver"], row["event_timestamp"], TTL["driver_state"])
        expected = np.nan if at is None else states["last_delay"][at]
        np.testing.assert_equal(found["driver_state__last_delay"], expected)
    assert joined["shop_load__orders"].notna().mean() > 0.2


def test_chunks_make_no_difference(store: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = entity_rows(200)
    whole = features.historical(store, LOAD + STATE, rows, digests(store))
    monkeypatch.setattr("mlops_runtime.features.pinned.PinnedFiles.chunk_rows", 13)
    pd.testing.assert_frame_equal(features.historical(store, LOAD + STATE, rows, digests(store)), whole)


def test_equal_rows_and_rows_without_keys_each_come_back(store: Workspace) -> None:
    row = {"event_timestamp": START + pd.Timedelta("3D"), "shop": None, "driver": "x"}
    joined = features.historical(store, LOAD + STATE, pd.DataFrame([row, row, row]), digests(store))
    assert len(joined) == 3
    assert joined["shop_load__orders"].isna().all()
    assert joined["driver_state__last_delay"].nunique(dropna=False) == 1


def test_no_rows_give_no_rows(store: Workspace) -> None:
    joined = features.historical(store, STATE, entity_rows(3)[:0], digests(store))
    assert joined.empty and "driver_state__last_delay" in joined


def test_a_publication_in_between_changes_nothing(store: Workspace) -> None:
    rows, before = entity_rows(50), digests(store)
    joined = features.historical(store, LOAD, rows, before)
    original = warehouse.read(store, "shop_load")
    warehouse.publish(store, "shop_load", original.assign(orders=-1), "test")
    try:
        again = features.historical(store, LOAD, rows, before)
        now = features.historical(store, LOAD, rows, digests(store))
    finally:
        warehouse.publish(store, "shop_load", original, "test")
    pd.testing.assert_frame_equal(again, joined)
    assert set(now["shop_load__orders"].dropna()) == {-1}


@pytest.mark.parametrize(
    ("refs", "rows", "sentence"),
    [
        (["shop_lod:orders"], entity_rows(2), "Feast does not know the feature view 'shop_lod'"),
        (STATE, entity_rows(2).drop(columns="driver"), "The entity rows lack driver"),
        (STATE, entity_rows(2).assign(event_timestamp=pd.NaT), "2 entity rows have no event_timestamp"),
    ],
    ids=["view", "key", "time"],
)
def test_a_join_that_cannot_be_made_is_a_sentence(
    store: Workspace, refs: list[str], rows: pd.DataFrame, sentence: str
) -> None:
    with pytest.raises(PlatformError, match=sentence):
        features.historical(store, refs, rows, digests(store))


def online(workspace: Workspace, shop: str) -> int | None:
    answer = features.open_store(workspace).get_online_features(
        features=["shop_load:orders"], entity_rows=[{"shop": shop}]
    )
    orders: int | None = answer.to_dict()["orders"][0]
    return orders


def newest_orders(workspace: Workspace, shop: str) -> int:
    rows = warehouse.read(workspace, "shop_load")
    rows = rows[rows["shop"] == shop].sort_values(["observed_at", "ingested_at"])
    return int(rows["orders"].iloc[-1])


def test_materialising_brings_the_newest_row_of_each_key_online(store: Workspace) -> None:
    repository.add_pipeline(
        store, {"online": {"call": repository.materialize_call("shop_load", "driver_state")}}
    )
    evidence = steps.run(store, "trips", "online")["views"]
    assert evidence["shop_load"]["keys"] == 3 and evidence["driver_state"]["keys"] == 2
    assert {shop: online(store, shop) for shop in "abc"} == {s: newest_orders(store, s) for s in "abc"}
    assert online(store, "unknown") is None


def test_one_row_of_the_future_hides_no_present_one_and_is_counted(store: Workspace) -> None:
    original = warehouse.read(store, "shop_load")
    future = original.tail(1).assign(shop="a", orders=-1, observed_at=pd.Timestamp("2099-01-01", tz="UTC"))
    warehouse.publish(store, "shop_load", pd.concat([original, future]), "test")
    try:
        evidence = features.materialize(store, ["shop_load"])["shop_load"]
        assert (evidence["keys"], evidence["ahead"]) == (3, 1)
        assert online(store, "a") != -1
        features.backfill(store, "shop_load", START.to_pydatetime(), datetime(2100, 1, 1, tzinfo=UTC))
        assert online(store, "a") != -1
        warehouse.publish(store, "shop_load", future, "test")
        with pytest.raises(PlatformError, match="All 1 rows of 'shop_load' lie in the future"):
            features.materialize(store, ["shop_load"])
    finally:
        warehouse.publish(store, "shop_load", original, "test")


def test_a_backfill_of_an_old_stretch_leaves_newer_values(store: Workspace) -> None:
    start = START.to_pydatetime()
    evidence = features.backfill(store, "shop_load", start, start + pd.Timedelta("2D"))
    assert evidence["rows"] > 0
    assert {shop: online(store, shop) for shop in "abc"} == {s: newest_orders(store, s) for s in "abc"}
    with pytest.raises(PlatformError, match="has no rows from 2020"):
        features.backfill(store, "shop_load", start.replace(year=2020), start.replace(year=2021))


def test_a_view_that_is_not_online_has_nothing_to_backfill(store: Workspace) -> None:
    file = store.root / "generated/common/feast/feature_views/shop_load.py"
    file.write_text(file.read_text().replace("online=True", "online=False"))
    sides.bring(store, "feast")
    with pytest.raises(PlatformError, match=r"'shop_load' is not kept online \(`online: false`\)"):
        features.backfill(
            store, "shop_load", START.to_pydatetime(), START.to_pydatetime() + pd.Timedelta("2D")
        )


def test_the_store_opens_from_any_folder(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [view.name for view in features.open_store(store).list_feature_views()]
