from __future__ import annotations

import json
import math
import random
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from trips.streamed import contract

from mlops_runtime import contracts
from mlops_runtime.streaming import produce, records

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONTRACT = contract("shop_load", {"orders": "int64", "mean_wait": "float64", "open": "bool"})
GOOD = {"shop": "north", "observed_at": "2026-02-28T10:00:00Z", "ingested_at": "2026-02-28T10:05:00+00:00"}


def parse(**changes: Any) -> records.Event:
    return read(json.dumps(GOOD | changes).encode())


def read(value: bytes | None, key: bytes | None = b"north", sent: int | None = None) -> records.Event:
    return records.parse(CONTRACT, key, value, sent, NOW)


def test_an_event_has_its_keys_its_times_and_the_features_that_it_carries_null_for_missing() -> None:
    event = parse(orders=3, mean_wait=None)
    assert event.values == {"shop": "north", "orders": 3, "mean_wait": None}
    assert (event.event.hour, event.created and event.created.minute) == (10, 5)


def test_a_field_that_the_view_does_not_have_is_ignored_and_a_whole_number_is_an_integer() -> None:
    assert parse(colour="red", orders=3.0).values == {"shop": "north", "orders": 3}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"shop": NaN}', "NaN is not a JSON number"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=["bytes", "list", "nan", "deep"],
)
def test_what_is_no_object_is_rejected_with_the_reason(value: bytes | None, reason: str) -> None:
    with pytest.raises(records.Rejected, match=reason):
        read(value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shop": None}, "join key 'shop' is missing"),
        ({"shop": 7}, "'shop' is 7, which is a number and not a text"),
        ({"shop": "a\0b"}, "a text with a zero byte, which PostgreSQL cannot store"),
        ({"shop": "\ud800"}, r"""'shop' is "\ud800", a text with half of a surrogate pair"""),
        ({"shop": "x" * 3000}, "the join keys have 3,000 bytes"),
        ({"orders": True}, "'orders' is true, which is a boolean and not a number of the type int64"),
        ({"orders": "3"}, "'orders' is \"3\", which is a text and not a number of the type int64"),
        ({"orders": [3]}, "'orders' is [3], which is a list and not a number of the type int64"),
        ({"orders": 2.5}, "'orders' is 2.5, which has a fraction and is no int64"),
        ({"orders": 2**63}, "which is not within the range of int64"),
        ({"orders": 1e300}, "'orders' is 1E+300, which is not within the range of int64"),
        ({"mean_wait": "2"}, "'mean_wait' is \"2\", which is a text and not a number of the type float64"),
        ({"mean_wait": 10**400}, "which is not within the range of float64"),
        ({"mean_wait": 2**53 + 1}, "a whole number that float64 does not hold exactly"),
        ({"open": 1}, "'open' is 1, which is a number and not true or false"),
        ({"observed_at": None}, "timestamp 'observed_at' is missing"),
        ({"observed_at": "yesterday"}, "'observed_at' is \"yesterday\", which is not an ISO 8601 time"),
        ({"observed_at": {}}, "'observed_at' is {}, which is not an ISO 8601 time"),
        ({"observed_at": 1772280000000}, "'observed_at' is 1772280000000, a number, which may count seconds"),
        ({"observed_at": "2026-02-28T10:00:00.1234567Z"}, "finer than the microseconds that stores keep"),
        ({"observed_at": "2026-02-28T10:00:00"}, "has no time zone"),
        ({"observed_at": "2026-03-01T00:06:00Z"}, "more than five minutes ahead"),
        ({"observed_at": "1969-12-31T10:00:00Z"}, "before 1970"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "which is not of the years 1678 to 2261"),
    ],
)
def test_a_field_that_does_not_fit_rejects_the_record_and_is_named(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(records.Rejected, match=re.escape(reason)):
        parse(**changes)


def test_what_is_produced_from_a_row_is_what_the_consumer_reads() -> None:
    time = pd.Timestamp("2026-02-28T10:00:00.123456", tz="UTC")
    frame = pd.DataFrame(
        {"shop": ["north"], "orders": [3], "mean_wait": [float("nan")], "open": [True]}
        | {"observed_at": [time], "ingested_at": [time]}
    )
    row = {str(name): given for name, given in frame.to_dict("records")[0].items()}
    key, value = produce.record(CONTRACT, row)
    event = read(value)
    assert key == b"north"
    assert event.values == {"shop": "north", "orders": 3, "mean_wait": None, "open": True}
    assert event.event == time.to_pydatetime()
    del row["open"], row["orders"]
    assert read(produce.record(CONTRACT, row)[1]).values == {"shop": "north", "mean_wait": None}


def test_a_view_that_holds_back_what_breaks_its_range_rejects_such_an_event() -> None:
    ranged = contracts.StreamedFeature(name="orders", type="int64", min=0, max=9.5)
    strict = CONTRACT.model_copy(update={"features": (ranged,), "on_failure": "stop"})
    for orders, reason in ((10, "'orders' is 10, which breaks the view's `max: 9.5`"), (-1, "`min: 0`")):
        value = json.dumps(GOOD | {"orders": orders}).encode()
        with pytest.raises(records.Rejected, match=re.escape(reason)):
            records.parse(strict, b"north", value, None, NOW)
        lenient = strict.model_copy(update={"on_failure": "warn"})
        assert records.parse(lenient, b"north", value, None, NOW).values["orders"] == orders
    value = json.dumps(GOOD | {"orders": None}).encode()
    assert records.parse(strict, b"north", value, None, NOW).values["orders"] is None


def test_a_topic_without_keys_gets_none() -> None:
    row = {"shop": "north", "observed_at": datetime(2026, 2, 28, tzinfo=UTC)}
    assert produce.record(CONTRACT, row)[0] == b"north"
    assert produce.record(CONTRACT.model_copy(update={"keyed": False}), row)[0] is None


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-02-28T10:00:00Z", 0),
        ("2026-02-28T10:00:00.5Z", 500_000),
        ("2026-02-28T10:00:00.123456000Z", 123_456),
        ("2026-02-28T12:00:00.000001+02:00", 1),
        ("20260228T100000,25Z", 250_000),
    ],
)
def test_each_form_of_iso_8601_with_an_offset_is_the_same_time_to_the_microsecond(
    text: str, microsecond: int
) -> None:
    assert parse(observed_at=text).event == datetime(2026, 2, 28, 10, 0, 0, microsecond, UTC)


def test_a_record_without_a_value_misses_every_feature_from_its_millisecond_on() -> None:
    sent = datetime(2026, 2, 28, 10, 0, 0, 123_000, UTC)
    event = read(None, "north|ü".encode(), int(sent.timestamp() * 1000))
    assert event.values == {"shop": "north|ü", "orders": None, "mean_wait": None, "open": None}
    assert event.event == event.created == sent + timedelta(microseconds=999)
    both = contract("visits", {"open": "bool"}, {"shop": "string", "till": "int64"}, created=None)
    deleted = records.parse(both, b"north|-7", None, 0, NOW)
    assert (deleted.values, deleted.created) == ({"shop": "north", "till": -7, "open": None}, None)


@pytest.mark.parametrize(
    ("key", "sent", "reason"),
    [
        (None, 0, "no value, which deletes the values of a key, and no key either"),
        (b"north|1", None, "and no time"),
        (b"\xff", 0, "its key is not UTF-8"),
        (b"north", 0, "its key \"north\" is not shop, till, joined by '|'"),
        (b"a|b|1", 0, "its key \"a|b|1\" is not shop, till, joined by '|'"),
        (b"north|x", 0, "'till' is \"x\", which is a text and not a number of the type int64"),
        (b"north|9223372036854775808", 0, "not within the range of int64"),
        (b"north|1", 2**62, "milliseconds after 1970"),
        (b"north|1", int(NOW.timestamp() * 1000) + 400_000, "more than five minutes ahead of the clock"),
    ],
)
def test_a_deletion_that_does_not_say_what_and_when_is_rejected(
    key: bytes | None, sent: int | None, reason: str
) -> None:
    both = contract("visits", {"open": "bool"}, {"shop": "string", "till": "int64"})
    with pytest.raises(records.Rejected, match=re.escape(reason)):
        records.parse(both, key, None, sent, NOW)


EVERY = contract(
    "every",
    {kind: kind for kind in ("bool", "int32", "int64", "float32", "float64", "string", "timestamp")},
)
NUMBERS = ["0", "-0.0", "3", "3.0", "3e0", "2.5", "1e400", "-1e400", "1e-400", "1e39", "1e-50", "0.1"]
NUMBERS += ["1e999999999999999999999", "9" * 5000, str(2**31), str(2**53 + 1), str(2**63), str(-(2**63))]
NUMBERS += ["9007199254740993.0", "1E+999999999"]
TEXTS = ['""', '"3"', '"true"', '"NaN"', '"\\u0000"', '"\\ud800"', '"ü"', f'"{"x" * 5000}"']
TIMES = ["2026-02-28T10:00:00Z", "2026-02-28", "2026-02-28T10:00:00", "2026-02-30T10:00:00Z", "2026-W09-6"]
TIMES += ["2026-02-28T10:00:00.123456789+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-14:00"]
TIMES += ["2026-02-28\\ud80010:00:00", "2026-02-28T10:00:60Z", "+12026-02-28T10:00:00Z", ""]
OTHERS = [
    "true",
    "false",
    "null",
    "NaN",
    "-Infinity",
    "[]",
    "{}",
    '{"a": [1]}',
    "[" * 600 + "]" * 600,
    "[",
    "",
]
HOSTILE = [*NUMBERS, *TEXTS, *(f'"{time}"' for time in TIMES), *OTHERS]


def test_each_hostile_event_is_taken_exactly_or_rejected_with_a_sentence() -> None:
    chance = random.Random(0)
    names = ["shop", "observed_at", "ingested_at", *(feature.name for feature in EVERY.features), "unknown"]
    sound = {"shop": '"north"', "observed_at": f'"{TIMES[0]}"', "ingested_at": f'"{TIMES[0]}"'}
    taken = rejected = 0
    for _ in range(20_000):
        fields = sound | {
            name: chance.choice(HOSTILE) for name in chance.sample(names, chance.choice([1, 1, 2, 5]))
        }
        value = ("{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}").encode()
        if chance.random() < 0.05:
            value = bytes(chance.randrange(256) if chance.random() < 0.05 else byte for byte in value)
        try:
            event = records.parse(EVERY, b"north", value, 0, NOW)
        except records.Rejected as reason:
            rejected += 1
            assert str(reason).encode().strip() and len(str(reason)) < 500
            continue
        taken += 1
        for name, found in event.values.items():
            assert found is None or _is_exact(name, fields.get(name), found), (name, fields.get(name), found)
    print(f"figure: hostile events: {taken:,} taken exactly, {rejected:,} rejected with a sentence")
    assert taken > 2000 and rejected > 2000


def _is_exact(name: str, text: str | None, found: Any) -> bool:
    """Whether the value is the one that the text says. Of a byte that was changed nothing is known."""
    if text is None:
        return True
    match name:
        case "int32" | "int64":
            return type(found) is int and Decimal(found) == Decimal(text)
        case "float32" | "float64":
            return math.isfinite(found) and (
                found == float(text) or (name == "float32" and found == np.float32(text))
            )
        case "timestamp" | "observed_at" | "ingested_at":
            return bool(found == pd.Timestamp(json.loads(text)))
    return bool(found == json.loads(text))
