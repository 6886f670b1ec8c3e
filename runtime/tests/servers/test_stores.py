"""The offline store in PostgreSQL and the online store in Redis, as steps and joins use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from trips import repository

from mlops_runtime import features, offline
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import materialize_redis, redis_online, store, values
from mlops_runtime.features.redis_layout import ViewLayout
from mlops_runtime.live import sides
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import connect
from mlops_runtime.tables import snapshots, warehouse
from servers.running import Servers

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def workspace(servers: Servers) -> Iterator[Workspace]:
    """The session's servers, emptied."""
    opened = Workspace.open(dict(servers.workspace.variables))
    with postgres.connect(opened) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    connect(opened).flushall()
    for path in sorted((opened.warehouse).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    yield opened


def shop_load(hours: int, orders: int = 0) -> pd.DataFrame:
    times = pd.date_range(START, periods=hours, freq="h")
    rows = [
        {"shop": shop, "orders": orders + at, "mean_wait": None if at % 3 == 0 else float(at)}
        | {"observed_at": moment, "ingested_at": moment + timedelta(minutes=5)}
        for at, moment in enumerate(times)
        for shop in ("north", "south")
    ]
    return pd.DataFrame(rows)


def driver_state(hours: int) -> pd.DataFrame:
    times = pd.date_range(START, periods=hours, freq="h")
    return pd.DataFrame(
        [
            {"driver": f"d{at % 5}", "last_delay": float(at), "observed_at": moment, "ingested_at": moment}
            for at, moment in enumerate(times)
        ]
    )


def count(workspace: Workspace, query: str) -> int:
    with postgres.connect(workspace) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else -1


def relations(workspace: Workspace) -> list[str]:
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
    )
    with postgres.connect(workspace) as connection:
        return sorted(str(row[0]) for row in connection.execute(query))


def test_a_published_table_is_a_view_of_its_snapshot_and_the_next_publication_moves_it(
    workspace: Workspace,
) -> None:
    first = warehouse.publish(workspace, "shop_load", shop_load(3), "trips.shops")
    second = warehouse.publish(workspace, "shop_load", shop_load(5), "trips.shops")
    assert count(workspace, "SELECT count(*) FROM shop_load") == 10
    names = {offline.snapshot_table("shop_load", each.digest) for each in (first, second)}
    assert names | {"shop_load"} == set(relations(workspace))


def test_a_publication_that_was_cut_short_after_its_commit_is_completed_by_whoever_looks_next(
    workspace: Workspace,
) -> None:
    warehouse.publish(workspace, "shop_load", shop_load(3), "trips.shops")
    newer = warehouse.publish(workspace, "shop_load", shop_load(5), "trips.shops")
    with postgres.connect(workspace) as connection:
        connection.execute("DROP VIEW shop_load")
        connection.execute(f'DROP TABLE "{offline.snapshot_table("shop_load", newer.digest)}"'.encode())
    assert warehouse.current(workspace, "shop_load").digest == newer.digest
    assert count(workspace, "SELECT count(*) FROM shop_load") == 10


def test_snapshots_that_are_no_longer_kept_leave_postgresql_too(workspace: Workspace) -> None:
    for hours in range(1, snapshots.KEPT + 4):
        warehouse.publish(workspace, "shop_load", shop_load(hours), "trips.shops")
    kept = [name for name in relations(workspace) if name != "shop_load"]
    assert len(kept) == snapshots.KEPT


def test_text_that_csv_and_sql_treat_specially_arrives_as_it_was(workspace: Workspace) -> None:
    frame = shop_load(1)
    frame.loc[0, "shop"] = 'a "b", c\\d\ne; DROP TABLE x --'
    frame.loc[1, "shop"] = ""
    warehouse.publish(workspace, "shop_load", frame, "trips.shops")
    assert set(offline.read(workspace, "shop_load")["shop"]) == set(frame["shop"])


def test_decimals_and_times_of_day_arrive_as_they_were(workspace: Workspace) -> None:
    frame = shop_load(1).assign(price=[Decimal("0.10"), None], opens=[time(9, 30), None])
    warehouse.publish(workspace, "shop_load", frame, "trips.shops")
    with postgres.connect(workspace) as connection:
        rows = connection.execute("SELECT price, opens FROM shop_load ORDER BY price").fetchall()
    assert rows == [(Decimal("0.10"), time(9, 30)), (None, None)]


def test_a_join_gives_each_row_once_with_what_was_known_then(workspace: Workspace) -> None:
    published = warehouse.publish(workspace, "shop_load", shop_load(48), "trips.shops")
    drivers = warehouse.publish(workspace, "driver_state", driver_state(48), "trips.drivers")
    sides.bring(workspace, "feast")
    digests = {"shop_load": published.digest, "driver_state": drivers.digest}
    warehouse.publish(
        workspace, "shop_load", shop_load(48, orders=1000), "trips.shops"
    )  # is not what was asked for
    moments = [START + timedelta(hours=at, minutes=minutes) for at in range(40) for minutes in (2, 30)]
    rows = pd.DataFrame(
        {"event_timestamp": moments, "shop": ["north", None] * 40, "driver": "d1"}, index=range(500, 580)
    )
    joined = features.historical(workspace, ["shop_load:orders", "driver_state:last_delay"], rows, digests)
    assert list(joined.index) == list(rows.index)
    # Two minutes past the hour its row is not yet recorded (5 minutes later): the hour before counts.
    assert joined["shop_load__orders"].tolist()[2:8:2] == [0, 1, 2]
    assert joined["shop_load__orders"][1::2].isna().all()
    assert joined["driver_state__last_delay"].iloc[10] == 1.0
    assert joined["driver_state__last_delay"].dtype == "float64"  # as where stores are embedded


def test_what_is_materialised_is_what_feast_reads_and_an_emptied_redis_is_filled_again(
    workspace: Workspace,
) -> None:
    warehouse.publish(workspace, "shop_load", shop_load(48), "trips.shops")
    sides.bring(workspace, "feast")
    evidence = features.materialize(workspace, ["shop_load"])["shop_load"]
    assert (evidence["keys"], evidence["newer"]) == (2, 0)
    expected = online(workspace)
    assert expected == {"shop": ["north", "south"], "orders": [47, 47], "mean_wait": [47.0, 47.0]}
    client = connect(workspace)
    assert 0 < int(client.ttl(client.keys()[0])) <= 259_200  # type: ignore[index,arg-type]
    client.flushall()
    features.backfill(workspace, "shop_load", START, START + timedelta(hours=10))
    assert online(workspace) == expected


def online(workspace: Workspace) -> dict[str, list[object]]:
    opened = store.open_store(workspace)
    names = ["shop_load:orders", "shop_load:mean_wait"]
    rows = [{"shop": "north"}, {"shop": "south"}]
    return dict(opened.get_online_features(features=names, entity_rows=rows).to_dict())


def test_an_older_row_never_takes_the_place_of_a_newer_one_whatever_comes_last(workspace: Workspace) -> None:
    layout = ViewLayout("trips", "shop_load", (("shop", "string"),), (("orders", "int64"),))
    client = connect(workspace)

    def write(orders: int, event: int, created: int) -> tuple[int, int]:
        times = (START + timedelta(seconds=event), START + timedelta(seconds=created))
        return redis_online.write(client, layout, [({"shop": "north", "orders": orders}, *times)], 60, None)

    def value() -> object:
        return values.decode(client.hget(layout.key({"shop": "north"}), layout.feature_fields[0]))  # type: ignore[arg-type]

    assert write(1, 10, 11) == (1, 0)
    assert write(2, 9, 99) == (0, 1)
    assert value() == 1
    assert write(3, 10, 12) == (1, 0)  # the same event, corrected
    assert write(1, 10, 11) == (0, 1)
    assert value() == 3


def test_what_is_held_back_reaches_neither_postgresql_nor_redis_and_the_next_good_run_does(
    workspace: Workspace,
) -> None:
    table = workspace.common / "runtime/tables/shop_load.json"
    before = table.read_text()
    repository.ask(workspace, "stop", {"orders": {"max": 100}})
    try:
        warehouse.publish(workspace, "shop_load", shop_load(3), "trips.shops")
        sides.bring(workspace, "feast")
        features.materialize(workspace, ["shop_load"])
        expected, known = online(workspace), relations(workspace)
        with pytest.raises(PlatformError, match=r"6 of 6 rows break `max: 100` of 'orders', such as 1000"):
            warehouse.publish(workspace, "shop_load", shop_load(3, orders=1000), "trips.shops")
        features.materialize(workspace, ["shop_load"])
        assert (online(workspace), relations(workspace)) == (expected, known)
        warehouse.publish(workspace, "shop_load", shop_load(4), "trips.shops")
        features.materialize(workspace, ["shop_load"])
        assert online(workspace)["orders"] == [3, 3]
    finally:
        table.write_text(before)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("bool", False),
        ("int32", -7),
        ("int64", 2**62),
        ("float32", 0.5),
        ("float64", -1e300),
        ("string", 'ü "x"'),
        ("string", None),
        ("float64", float("nan")),
    ],
)
def test_a_value_comes_back_as_it_was_and_a_missing_one_as_none(kind: object, given: object) -> None:
    found = values.decode(values.encode(kind, given).SerializeToString())  # type: ignore[arg-type]
    assert found == (None if values.is_missing(given) else given)


def test_a_server_that_does_not_answer_is_one_sentence_with_its_address(
    workspace: Workspace, servers: Servers
) -> None:
    warehouse.publish(workspace, "shop_load", shop_load(3), "trips.shops")
    sides.bring(workspace, "feast")
    opened = store.open_store(workspace)
    servers.redis.stop()
    try:
        with pytest.raises(
            Exception, match=r"Redis at 127\.0\.0\.1:\d+ could not take the rows of 'shop_load'"
        ):
            materialize_redis.write_stretch(
                workspace, opened, store.view(opened, "shop_load"), START, START + timedelta(days=1)
            )
    finally:
        servers.redis.start()
