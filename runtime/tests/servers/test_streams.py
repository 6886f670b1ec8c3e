"""Events that carry some of a view's features, in PostgreSQL and in Redis."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from trips.streamed import contract

from mlops_runtime import contracts, features
from mlops_runtime.environment import Workspace
from mlops_runtime.features import values
from mlops_runtime.features.redis_layout import ViewLayout, decode_time
from mlops_runtime.live import sides
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import connect
from mlops_runtime.streaming import records
from mlops_runtime.streaming.sinks import OfflineSink, OnlineSink
from mlops_runtime.tables import warehouse
from servers.running import Servers

START = datetime(2026, 3, 1, tzinfo=UTC)
TTL = timedelta(hours=6)
LENGTH = timedelta(hours=20)
FEATURES = ("orders", "mean_wait")
KEYS, EVENTS, MOMENTS = 60, 24, 40
VIEW = contract(view="shop_load", features={"orders": "int64", "mean_wait": "float64"}, ttl=TTL)


@dataclass(frozen=True)
class Told:
    """An event, or a row of the batch."""

    shop: str
    event: datetime
    created: datetime | None
    given: dict[str, Any]
    batch: bool = False

    @property
    def version(self) -> tuple[datetime, datetime]:
        return self.event, self.created or self.event

    def parsed(self) -> records.Event:
        return records.Event({"shop": self.shop, **self.given}, self.event, self.created)


@pytest.fixture
def workspace(servers: Servers) -> Iterator[Workspace]:
    """The session's servers, emptied, where `shop_load` is streamed."""
    streaming = servers.root / "generated/common/streaming/shop_load.json"
    streaming.parent.mkdir(exist_ok=True)
    streaming.write_text(VIEW.model_dump_json())
    environment = servers.root / "generated/local/runtime/environment.json"
    before = environment.read_text()
    environment.write_text(json.dumps(json.loads(before) | {"kafka": {"bootstrap_servers": "127.0.0.1:1"}}))
    opened = Workspace.open(dict(servers.workspace.variables))
    _empty(opened)
    yield opened
    environment.write_text(before)
    streaming.unlink()


def _empty(workspace: Workspace) -> None:
    with postgres.connect(workspace) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    connect(workspace).flushall()
    for path in sorted(workspace.warehouse.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


def drawn(random: random.Random) -> list[Told]:
    """Of each shop events, tombstones and rows of the batch: some late, some at the time of others."""
    told: list[Told] = []
    for number in range(KEYS):
        for at in range(EVENTS):
            event = START + random.randrange(int(LENGTH / timedelta(minutes=30)) + 1) * timedelta(minutes=30)
            event = START + LENGTH if at == 0 else event
            late = random.choice([0, 0, 1, 20, 400]) * timedelta(minutes=1)
            created = event + late + timedelta(seconds=5, microseconds=at)
            carried = random.choice([FEATURES, *[FEATURES[:1], FEATURES[1:]] * 3, ()])
            batch, deletes = random.random() < 0.2, random.random() < 0.05
            if batch or deletes:
                carried = FEATURES
            each = {
                "orders": random.choice([None, random.randrange(2**53, 2**60)]),
                "mean_wait": random.choice([None, random.random()]),
            }
            given = {name: None if deletes else each[name] for name in carried}
            told.append(Told(f"shop {number}", event, created, given, batch))
    # What the batch knows too, exactly as the stream told it.
    copies = [replace(each, batch=True) for each in told if set(each.given) == set(FEATURES)]
    return told + copies[::3]


def state(told: list[Told], moment: datetime | None = None) -> dict[str, Any]:
    """The oracle: a shop's values as they were known at the moment, or at last."""
    known = [each for each in told if moment is None or max(each.version) <= moment]
    missing = dict.fromkeys(FEATURES)
    if not known:
        return missing
    row = max(each.event for each in known)
    if moment is not None and moment - row > TTL:
        return missing
    found: dict[str, Any] = missing
    for each in sorted(known, key=lambda each: each.version):
        found |= {name: (each.event, value) for name, value in each.given.items()}
    return {name: at[1] if at is not None and row - at[0] <= TTL else None for name, at in found.items()}


def by_shop(told: list[Told]) -> dict[str, list[Told]]:
    shops: dict[str, list[Told]] = {}
    for each in told:
        shops.setdefault(each.shop, []).append(each)
    return shops


def publish(workspace: Workspace, rows: list[Told]) -> None:
    table = [
        {"shop": each.shop, "observed_at": each.event, "ingested_at": each.created, **each.given}
        for each in rows
    ]
    # As objects, or pandas would make floats of integers of which some are missing.
    frame = pd.DataFrame(table, dtype=object)
    for name in ("observed_at", "ingested_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    warehouse.publish(workspace, "shop_load", frame, "trips.shops")


def stream(
    workspace: Workspace, told: list[Told], random: random.Random, view: contracts.Streaming = VIEW
) -> None:
    """Both sinks, in batches of any size, some written twice as after a crash."""
    sinks = OfflineSink(workspace, view), OnlineSink(workspace, view)
    events = [each.parsed() for each in told]
    while events:
        some = events[: random.randrange(1, 200)]
        for _ in range(random.choice([1, 1, 2])):
            sinks[0].write(some)
            sinks[1].write(some)
        events = events[len(some) :]
    for sink in sinks:
        sink.close()


def online(workspace: Workspace) -> dict[str, tuple[dict[str, Any], float | None]]:
    """Each shop's values and the time of its row."""
    types = tuple((feature.name, feature.type) for feature in VIEW.features)
    layout = ViewLayout("trips", "shop_load", (("shop", "string"),), types)
    client = connect(workspace)
    found = {}
    for shop in (f"shop {number}" for number in range(KEYS)):
        time, *encoded = client.hmget(layout.key({"shop": shop}), [layout.time_field, *layout.feature_fields])  # type: ignore[misc]
        found[shop] = dict(zip(FEATURES, map(values.decode, encoded), strict=True)), decode_time(time)
    return found


def states(workspace: Workspace, order: str = "observed_at, ingested_at") -> list[Any]:
    with postgres.connect(workspace) as connection:
        query = f"SELECT * FROM shop_load__states ORDER BY shop, {order}"
        return connection.execute(query.encode()).fetchall()


def test_in_any_order_and_however_often_events_come_both_stores_have_what_the_oracle_has(
    workspace: Workspace,
) -> None:
    chance = random.Random(0)
    told = drawn(chance)
    events, batch = [e for e in told if not e.batch], [e for e in told if e.batch]
    sides_of = by_shop(told)

    publish(workspace, batch[::2])
    sides.bring(workspace, "feast")
    features.materialize(workspace, ["shop_load"])
    chance.shuffle(events)
    half = len(events) // 2
    stream(workspace, events[:half], chance)
    warehouse.fold_stream(workspace, "shop_load")
    publish(workspace, batch)
    features.materialize(workspace, ["shop_load"])
    stream(workspace, events[half:] + chance.sample(events, half // 2), chance)
    features.materialize(workspace, ["shop_load"])

    expected = {shop: (state(of), (START + LENGTH).timestamp()) for shop, of in sides_of.items()}
    assert online(workspace) == expected
    connect(workspace).flushall()
    features.materialize(workspace, ["shop_load"])
    assert online(workspace) == expected

    moments = [START + LENGTH * at / MOMENTS + timedelta(minutes=7) for at in range(MOMENTS + 20)]
    asked = pd.DataFrame([{"shop": shop, "event_timestamp": at} for shop in sides_of for at in moments])
    digest = warehouse.fold_stream(workspace, "shop_load").digest
    refs = [f"shop_load:{name}" for name in FEATURES]
    joined = features.historical(workspace, refs, asked, {"shop_load": digest})
    unlike = [
        (row["shop"], row["event_timestamp"], known, found)
        for row in joined.to_dict("records")
        for known in [state(sides_of[row["shop"]], row["event_timestamp"])]
        for found in [{name: _plain(row[f"shop_load__{name}"]) for name in FEATURES}]
        if found != known
    ]
    assert unlike == []
    print(f"figure: partial events: {len(told):,} events, {len(joined):,} pairs of key and time equal")

    known = states(workspace)
    _empty(workspace)
    publish(workspace, batch)
    stream(workspace, sorted(events, key=lambda each: each.created), chance)
    assert states(workspace) == known


def test_a_view_without_created_times_goes_by_the_time_of_the_event_alone(workspace: Workspace) -> None:
    bare = VIEW.model_copy(update={"created": None})
    (workspace.common / "streaming/shop_load.json").write_text(bare.model_dump_json())
    chance = random.Random(1)
    # One event at a time: of two at the same, the one that is read later counts.
    apart = {(each.shop, each.event): replace(each, created=None) for each in drawn(chance)}
    told = list(apart.values())
    for _ in range(2):
        chance.shuffle(told)
        stream(workspace, told, chance, bare)
    expected = {shop: (state(of), (START + LENGTH).timestamp()) for shop, of in by_shop(told).items()}
    assert online(workspace) == expected
    newest = {row[0]: dict(zip(FEATURES, row[2:], strict=True)) for row in states(workspace, "observed_at")}
    assert newest == {shop: known for shop, (known, _) in expected.items()}


def test_rows_from_before_events_could_carry_some_features_count_as_whole(workspace: Workspace) -> None:
    with postgres.connect(workspace) as connection:
        connection.execute(
            "CREATE TABLE shop_load__stream (shop text NOT NULL, observed_at timestamptz NOT NULL, "
            "ingested_at timestamptz, orders bigint, mean_wait float8, PRIMARY KEY (shop, observed_at))"
        )
        rows = [("a", START, START, 1, 2.5), ("b", START, None, 3, None)]
        connection.cursor().executemany("INSERT INTO shop_load__stream VALUES (%s, %s, %s, %s, %s)", rows)
    later = START + timedelta(hours=1)
    stream(workspace, [Told(shop, later, later, {"orders": 9}) for shop in "ab"], random.Random(0))
    found = {(row[0], row[1]): row[3:] for row in states(workspace)}
    assert found == {
        ("a", START): (1, 2.5),
        ("a", later): (9, 2.5),
        ("b", START): (3, None),
        ("b", later): (9, None),
    }


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value
