from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from mlops_runtime import contracts
from mlops_runtime.streaming import produce, records

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CONTRACT = contracts.Streaming.model_validate_json(
    json.dumps(
        {
            "view": "shop_load",
            "topic": "shop_load",
            "dead_letter_topic": "shop_load.dead_letter",
            "group": "feature_view.shop_load",
            "partitions": 3,
            "keyed": True,
            "retention_seconds": 3600,
            "table": "shop_load",
            "key": [{"name": "shop", "type": "string"}],
            "timestamp": "observed_at",
            "created": "ingested_at",
            "features": [
                {"name": "orders", "type": "int64", "min": 0, "max": None},
                {"name": "mean_wait", "type": "float64", "min": None, "max": None},
                {"name": "open", "type": "bool", "min": None, "max": None},
            ],
        }
    )
)
GOOD = {"shop": "north", "observed_at": "2026-02-28T10:00:00Z", "ingested_at": "2026-02-28T10:05:00+00:00"}


def parse(**changes: Any) -> records.Event:
    return records.parse(CONTRACT, json.dumps(GOOD | changes).encode(), NOW)


def test_an_event_has_its_keys_its_times_and_every_feature_missing_ones_too() -> None:
    event = parse(orders=3, mean_wait=2)
    assert event.values == {"shop": "north", "orders": 3, "mean_wait": 2.0, "open": None}
    assert (event.event.hour, event.created and event.created.minute) == (10, 5)


def test_a_field_that_the_view_does_not_have_is_ignored_and_a_whole_number_is_an_integer() -> None:
    assert parse(colour="red", orders=3.0).values == {
        "shop": "north",
        "orders": 3,
        "mean_wait": None,
        "open": None,
    }


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "no value"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"shop": NaN}', "NaN is not a JSON number"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=["tombstone", "bytes", "list", "nan", "deep"],
)
def test_what_is_no_object_is_rejected_with_the_reason(value: bytes | None, reason: str) -> None:
    with pytest.raises(records.Rejected, match=reason):
        records.parse(CONTRACT, value, NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shop": None}, "join key 'shop' is missing"),
        ({"shop": 7}, "'shop' is 7, which is not a valid string"),
        ({"shop": "a\0b"}, "which is not a valid string"),
        ({"orders": True}, "'orders' is true, which is not a valid int64"),
        ({"orders": 2.5}, "'orders' is 2.5, which is not a valid int64"),
        ({"orders": 2**63}, "which is not a valid int64"),
        ({"mean_wait": "2"}, "'mean_wait' is \"2\", which is not a valid float64"),
        ({"mean_wait": 10**400}, "which is not a valid float64"),
        ({"open": 1}, "'open' is 1, which is not a valid bool"),
        ({"orders": 1e300}, "which is not a valid int64"),
        ({"observed_at": None}, "timestamp 'observed_at' is missing"),
        ({"observed_at": "yesterday"}, "not an ISO 8601 time"),
        ({"observed_at": 17}, "not an ISO 8601 time"),
        ({"observed_at": "2026-02-28T10:00:00"}, "has no time zone"),
        ({"observed_at": "2026-03-01T00:06:00Z"}, "more than five minutes ahead"),
        ({"observed_at": "1969-12-31T10:00:00Z"}, "before 1970"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "which is out of range"),
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
    event = records.parse(CONTRACT, value, NOW)
    assert key == b"north"
    assert event.values == {"shop": "north", "orders": 3, "mean_wait": None, "open": True}
    assert event.event == time.to_pydatetime()


def test_a_topic_without_keys_gets_none() -> None:
    row = {"shop": "north", "observed_at": datetime(2026, 2, 28, tzinfo=UTC)}
    assert produce.record(CONTRACT, row)[0] == b"north"
    assert produce.record(CONTRACT.model_copy(update={"keyed": False}), row)[0] is None
