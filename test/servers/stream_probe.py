"""Looks at both stores and at Kafka from outside, for the chapter on the stream: prints one JSON object.

stream_probe.py parity TIME    online values against Feast's historical ones and the flights
stream_probe.py caught-up      waits until every record of every streamed topic is committed
stream_probe.py bad N          sends N records that cannot be used to each streamed topic
stream_probe.py dead-letters   how many there are, with their reasons
stream_probe.py digest         one digest of all online values, one of all rows offline, and their counts
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from confluent_kafka import Consumer, Producer, TopicPartition

from mlops_runtime import contracts, features, offline
from mlops_runtime.environment import Workspace
from mlops_runtime.features import store
from mlops_runtime.stores import kafka, postgres
from mlops_runtime.stores.redis import connect
from mlops_runtime.tables import warehouse

sys.path.insert(0, str(Path(__file__).parents[2] / "pipelines" / "flights"))
import derive
import nycflights

DERIVED = {"carrier_delays": derive.carrier_delays, "plane_delays": derive.plane_delays}
BAD = [(b"bad", b"\xff"), (b"bad", b"[]"), (b"bad", b"{}"), (b"bad", b'{"colour": 1}'), (None, None)]
CAUGHT_UP_SECONDS = 90


def parity(workspace: Workspace, moment: datetime) -> dict[str, Any]:
    flights = nycflights.flights(nycflights.shift(workspace.state, moment))
    known = flights[flights["departed_at"] <= moment]
    found: dict[str, Any] = {}
    for view in workspace.streamed():
        contract = workspace.streaming(view)
        keys = known[[key.name for key in contract.key]].dropna().drop_duplicates().reset_index(drop=True)
        online = _online(workspace, contract, keys, moment)
        offline_rows = _offline(workspace, contract, keys, moment)
        recomputed = _recomputed(contract, flights, keys, moment)
        found[view] = {
            "pairs": len(keys),
            "with_values": int(online.notna().any(axis=1).sum()),
            "unlike_feast": _differences(online, offline_rows, keys),
            "unlike_flights": _differences(online, recomputed, keys),
        }
    return found


def _names(contract: contracts.Streaming) -> list[str]:
    return [feature.name for feature in contract.features]


def _online(
    workspace: Workspace, contract: contracts.Streaming, keys: pd.DataFrame, moment: datetime
) -> pd.DataFrame:
    """As a reader sees it at that moment: what is older than the view's TTL counts as missing."""
    opened = store.open_store(workspace)
    refs = [f"{contract.view}:{name}" for name in _names(contract)]
    answer = opened.get_online_features(features=refs, entity_rows=keys.to_dict("records"))
    values = answer.to_dict(include_event_timestamps=True)
    times = pd.Series(values[_names(contract)[0] + "__ts"], dtype="float64")
    ttl = store.view(opened, contract.view).ttl.total_seconds()
    fresh = (moment.timestamp() - times) <= ttl
    return pd.DataFrame(
        {name: pd.Series(values[name], dtype="object").where(fresh) for name in _names(contract)}
    )


def _offline(
    workspace: Workspace, contract: contracts.Streaming, keys: pd.DataFrame, moment: datetime
) -> pd.DataFrame:
    refs = [f"{contract.view}:{name}" for name in _names(contract)]
    digests = {contract.table: warehouse.fold_stream(workspace, contract.table).digest}
    rows = keys.assign(event_timestamp=pd.Timestamp(moment))
    joined = features.historical(workspace, refs, rows, digests)
    return pd.DataFrame(
        {name: joined[f"{contract.view}__{name}"].astype("object") for name in _names(contract)}
    )


def _recomputed(
    contract: contracts.Streaming, flights: pd.DataFrame, keys: pd.DataFrame, moment: datetime
) -> pd.DataFrame:
    rows = DERIVED[contract.view](flights)
    ttl = pd.Timedelta(days={"carrier_delays": 1, "plane_delays": 7}[contract.view])
    known = rows[(rows["ingested_at"] <= moment) & (rows["observed_at"] >= moment - ttl)]
    names = [key.name for key in contract.key]
    latest = known.sort_values("observed_at", kind="stable").drop_duplicates(names, keep="last")
    merged = keys.merge(latest, on=names, how="left")
    return merged[_names(contract)].astype("object")


def _differences(left: pd.DataFrame, right: pd.DataFrame, keys: pd.DataFrame) -> list[str]:
    unlike = []
    for at in range(len(keys)):
        for name in left.columns:
            mine, other = left[name].iloc[at], right[name].iloc[at]
            if pd.isna(mine) and pd.isna(other):
                continue
            if pd.isna(mine) or pd.isna(other) or abs(float(mine) - float(other)) > 1e-9:
                unlike.append(f"{keys.iloc[at].to_dict()} {name}: online {mine}, offline {other}")
    return unlike[:5] + ([f"{len(unlike)} in all"] if len(unlike) > 5 else [])


def caught_up(workspace: Workspace) -> dict[str, Any]:
    end = time.monotonic() + CAUGHT_UP_SECONDS
    while True:
        lags = {view: _lag(workspace, workspace.streaming(view)) for view in workspace.streamed()}
        if not any(lags.values()):
            return {"lag": 0}
        if time.monotonic() > end:
            raise SystemExit(f"not caught up after {CAUGHT_UP_SECONDS} s: {lags}")
        time.sleep(0.5)


def _lag(workspace: Workspace, contract: contracts.Streaming) -> int:
    consumer = Consumer(
        kafka.settings(workspace, **{"group.id": contract.group, "enable.auto.commit": False})
    )
    try:
        places = [TopicPartition(contract.topic, number) for number in range(contract.partitions)]
        total = 0
        for place in consumer.committed(places, timeout=10):
            low, high = consumer.get_watermark_offsets(place, timeout=10)
            total += high - (place.offset if place.offset >= 0 else low)
        return total
    finally:
        consumer.close()


def bad(workspace: Workspace, count: int) -> dict[str, Any]:
    producer = Producer(kafka.settings(workspace))
    for view in workspace.streamed():
        for at in range(count):
            key, value = BAD[at % len(BAD)]
            producer.produce(workspace.streaming(view).topic, key=key, value=value)
    return {"left": producer.flush(30), "sent": count * len(workspace.streamed())}


def dead_letters(workspace: Workspace) -> dict[str, Any]:
    reasons: Counter[str] = Counter()
    for view in workspace.streamed():
        contract = workspace.streaming(view)
        consumer = Consumer(kafka.settings(workspace, **{"group.id": "probe", "enable.auto.commit": False}))
        places = [
            TopicPartition(contract.dead_letter_topic, number, 0) for number in range(contract.partitions)
        ]
        ends = [consumer.get_watermark_offsets(place, timeout=10)[1] for place in places]
        consumer.assign(places)
        left = sum(ends)
        while left > 0:
            for message in consumer.consume(100, timeout=10):
                headers = dict(message.headers() or [])
                reasons[bytes(headers["mlops.reason"]).decode()] += 1
                left -= 1
        consumer.close()
    return {"count": sum(reasons.values()), "reasons": dict(reasons)}


def digest(workspace: Workspace) -> dict[str, Any]:
    online, keys = hashlib.sha256(), 0
    redis = connect(workspace)
    for key in sorted(redis.scan_iter(count=1000)):
        online.update(key + repr(sorted(redis.hgetall(key).items())).encode())
        keys += 1
    rows, offline_digest = {}, hashlib.sha256()
    for view in workspace.streamed():
        table = workspace.streaming(view).table
        with postgres.connect(workspace) as connection:
            query = f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
            row = connection.execute(query.encode()).fetchone()
            distinct = connection.execute(
                f'SELECT count(*) FROM "{offline.stream_table(table)}"'.encode()
            ).fetchone()
        assert row and distinct
        rows[view] = {"rows": row[0], "streamed": distinct[0]}
        offline_digest.update(str(row[1]).encode())
    return {"online": online.hexdigest(), "offline": offline_digest.hexdigest(), "keys": keys, "views": rows}


def expected(workspace: Workspace, moment: datetime) -> dict[str, Any]:
    """How many rows each view must have when everything up to that moment has come."""
    flights = nycflights.flights(nycflights.shift(workspace.state, moment))
    return {view: int((derived(flights)["ingested_at"] <= moment).sum()) for view, derived in DERIVED.items()}


def main() -> None:
    command, *given = sys.argv[1:]
    workspace = Workspace.open(os.environ)
    moment = datetime.fromisoformat(given[0]) if command in ("parity", "expected") else None
    match command:
        case "parity":
            assert moment
            answer = parity(workspace, moment)
        case "expected":
            assert moment
            answer = expected(workspace, moment)
        case "caught-up":
            answer = caught_up(workspace)
        case "bad":
            answer = bad(workspace, int(given[0]))
        case "dead-letters":
            answer = dead_letters(workspace)
        case _:
            answer = digest(workspace)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
