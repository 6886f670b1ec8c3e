"""Every pandas and Arrow type as every declared type: stored with equal values, or refused with advice."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import columns, snapshots, warehouse

DAY = datetime(2026, 1, 31)  # noqa: DTZ001 — without a zone
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=-5)))
ID = uuid.UUID("12345678-1234-5678-1234-567812345678")


def arrow(values: list[Any], kind: pa.DataType) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.array(values, kind)])))


# Text and bytes say something that is also a number and a time, so that each can be made of them.
ORDINARY: dict[str, pd.Series] = {
    "bool": pd.Series([True, False]),
    "boolean": pd.Series([True, None], dtype="boolean"),
    "int8": pd.Series([1, -128], dtype="int8"),
    "int64": pd.Series([7, -7]),
    "Int64": pd.Series([7, None], dtype="Int64"),
    "flags": pd.Series([0, 1, None], dtype="Int64"),
    "float16": pd.Series([1.5, np.nan], dtype="float16"),
    "float32": pd.Series([1.5, np.nan], dtype="float32"),
    "float64": pd.Series([0.1, np.nan]),
    "Float64": pd.Series([2.5, None], dtype="Float64"),
    "complex": pd.Series([1 + 2j, 3]),
    "sparse": pd.Series(pd.arrays.SparseArray([0.0, 0.0, 2.5])),
    "text": pd.Series(["2026", None]),
    "string": pd.Series(["2026", None], dtype="string"),
    "bytes": pd.Series([b"2026", None]),
    "category of text": pd.Series(["2026", "2027", None], dtype="category"),
    "category of integers": pd.Series([1, 2, None], dtype="Int64").astype("category"),
    "category of times": pd.Series(pd.to_datetime(["2026-01-01"], utc=True)).astype("category"),
    "whole decimals": pd.Series([Decimal(2), None]),
    "exact decimals": pd.Series([Decimal("1.5"), None]),
    "decimals": pd.Series([Decimal("0.1"), Decimal("12.30")]),
    "ns": pd.Series(pd.to_datetime(["2026-01-31T00:00:00.000000001Z", None])),
    "New York": pd.Series(pd.date_range("2026-03-08", periods=3, freq="h", tz="America/New_York")),
    "aware objects": pd.Series([NOON, NOON.astimezone(UTC), None], dtype="object"),
    "naive": pd.Series(pd.to_datetime(["2026-01-31", None])),
    "naive objects": pd.Series([DAY, None], dtype="object"),
    "date": pd.Series([date(2026, 1, 31), None]),
    "time": pd.Series([time(12, 30), None]),
    "timedelta": pd.Series(pd.to_timedelta(["1h", None])),
    "period": pd.Series(pd.period_range("2026-01", periods=2, freq="M")),
    "interval": pd.Series(pd.interval_range(0, 2)),
    "lists": pd.Series([[1], [2, 3]]),
    "records": pd.Series([{"a": 1}, {"a": 2}]),
    "mixture": pd.Series([1, "2"], dtype="object"),
    "dates and times": pd.Series([date(2026, 1, 31), DAY.replace(hour=13)], dtype="object"),
    "with zones and without": pd.Series([NOON, DAY, None], dtype="object"),
    "times of day with a zone": pd.Series([time(12, 30, tzinfo=UTC), None]),
    "durations and numbers": pd.Series([timedelta(hours=1), 3], dtype="object"),
    "no value": pd.Series([None, None]),
    "arrow timestamp": arrow([NOON, None], pa.timestamp("us", tz="America/New_York")),
    "arrow naive": arrow([DAY, None], pa.timestamp("s")),
    "arrow dictionary": arrow(["2026", None, "2026"], pa.dictionary(pa.int32(), pa.string())),
    "arrow large string": arrow(["2026", None], pa.large_string()),
    "arrow fixed binary": arrow([b"2026", None], pa.binary(4)),
    "arrow decimal": arrow([Decimal("1.50"), None], pa.decimal128(5, 2)),
    "arrow decimal256": arrow([Decimal("2.00"), None], pa.decimal256(40, 2)),
    "arrow date": arrow([date(2026, 1, 31)], pa.date64()),
    "arrow time": arrow([time(1)], pa.time32("s")),
    "arrow duration": arrow([timedelta(hours=1), None], pa.duration("ms")),
    "arrow list": arrow([[1], None], pa.list_(pa.int64())),
    "arrow map": arrow([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
}
# Values at the edge of their types, and types that pandas itself can do little with.
EXTRAORDINARY: dict[str, pd.Series] = {
    "widest int64": pd.Series([0, 2**63 - 1, -(2**63)]),
    "beyond doubles": pd.Series([2**53 + 1, None], dtype="Int64"),
    "uint64": pd.Series([2**64 - 1, 0], dtype="uint64"),
    "largest float32": pd.Series([1.5, np.nan, 3.25e38], dtype="float32"),
    "large floats": pd.Series([0.1, np.nan, -1e300]),
    "integral floats": pd.Series([3.0, np.nan, -(2.0**62)]),
    "infinite": pd.Series([np.inf, 1.0]),
    "large decimals": pd.Series([Decimal(2**62), None]),
    "umlauts": pd.Series(["größer", None, ""]),
    "bytes that are no text": pd.Series([b"\xff", b"1"]),
    "uuid": pd.Series([ID, None]),
    "arrow uuid": arrow([ID.bytes, None], pa.uuid()),
    "arrow string view": arrow(["a", None], pa.string_view()),
    "arrow binary view": arrow([b"a", None], pa.binary_view()),
    "arrow decimal32": arrow([Decimal("1.50"), None], pa.decimal32(5, 2)),
    "arrow half": arrow([np.float16(0.5), None], pa.float16()),
    "arrow interval": arrow([pa.MonthDayNano([1, 2, 3])], pa.month_day_nano_interval()),
    "arrow list of intervals": arrow([[pa.MonthDayNano([1, 2, 3])]], pa.list_(pa.month_day_nano_interval())),
    "arrow json": arrow(["{}"], pa.json_(pa.string())),
}
SAMPLES = ORDINARY | EXTRAORDINARY
EXPRESSION = re.compile(r"convert it, for example with `(.+)`")
WITHOUT_EXPRESSION = {
    "declare another type, or leave it out",
    "declare a larger type",
    "declare `float64`",
}


def named(values: pd.Series) -> pd.Series:
    return values.rename("x")


def equal(given: Any, stored: Any) -> bool:
    if stored is None:
        return bool(pd.isna(given))
    if isinstance(given, uuid.UUID):
        return str(given) == stored
    if isinstance(given, bytes) and isinstance(stored, str):
        return stored in (given.decode("utf-8", "replace"), str(uuid.UUID(bytes=given.ljust(16))))
    if isinstance(stored, datetime):
        return bool(pd.Timestamp(given) == pd.Timestamp(stored))
    return bool(given == stored)


def require_equal(values: pd.Series, array: pa.Array, declared: str) -> None:
    assert array.type == columns.ARROW_TYPES[declared]  # type: ignore[index]
    given = values.astype("float32") if declared == "float32" and values.dtype == "float64" else values
    for one, stored in zip(given.tolist(), array.to_pylist(), strict=True):
        assert equal(one, stored), f"{one!r} became {stored!r}"


def stored(values: pd.Series, declared: Any) -> columns.Unfit | None:
    """None where all of them are, with equal values."""
    try:
        require_equal(values, columns.as_declared(values, declared), declared)
        return None
    except columns.Unfit as unfit:
        assert unfit.found
        assert unfit.reason
        return unfit


@pytest.mark.parametrize("declared", columns.ARROW_TYPES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_column_is_stored_with_equal_values_or_refused_with_what_to_do(name: str, declared: Any) -> None:
    unfit = stored(named(SAMPLES[name]), declared)
    if unfit is not None:
        assert EXPRESSION.fullmatch(unfit.mended) or unfit.mended in WITHOUT_EXPRESSION


@pytest.mark.parametrize("declared", columns.ARROW_TYPES)
@pytest.mark.parametrize("name", ORDINARY)
def test_the_conversion_that_a_refusal_names_mends_it(name: str, declared: Any) -> None:
    values = named(SAMPLES[name])
    unfit = stored(values, declared)
    if unfit is not None and unfit.mended not in WITHOUT_EXPRESSION:
        found = EXPRESSION.fullmatch(unfit.mended)
        assert found is not None
        values = named(eval(found[1], {"pd": pd, "frame": pd.DataFrame({"x": values})}))
        columns.as_declared(values, declared)


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        *[
            ("category of text", "string"),
            ("category of integers", "int64"),
            ("category of times", "timestamp"),
        ],
        *[("uuid", "string"), ("arrow uuid", "string"), ("arrow dictionary", "string")],
        *[("whole decimals", "int64"), ("exact decimals", "float64"), ("arrow decimal256", "int32")],
        *[("aware objects", "timestamp"), ("arrow timestamp", "timestamp"), ("New York", "timestamp")],
        *[("sparse", "float64"), ("float16", "float32"), ("flags", "bool"), ("integral floats", "int64")],
    ],
)
def test_what_converts_exactly_is_converted(name: str, declared: Any) -> None:
    columns.as_declared(SAMPLES[name], declared)


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        *[
            ("exact decimals", "int64"),
            ("decimals", "float64"),
            ("timedelta", "int64"),
            ("New York", "int64"),
        ],
        *[
            ("beyond doubles", "float64"),
            ("large floats", "float32"),
            ("arrow timestamp", "string"),
            ("period", "int64"),
            ("dates and times", "timestamp"),
            ("with zones and without", "timestamp"),
        ],
    ],
)
def test_what_would_change_a_value_is_refused(name: str, declared: Any) -> None:
    with pytest.raises(columns.Unfit):
        columns.as_declared(SAMPLES[name], declared)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_undeclared_column_is_published_and_read_back_or_refused_with_what_mends_it(
    workspace: Workspace, name: str
) -> None:
    values = named(SAMPLES[name]).reset_index(drop=True)
    frame = pd.DataFrame({"x": values, "row": range(len(values))})
    try:
        warehouse.publish(workspace, "late_trips", frame, "trips.late")
    except PlatformError as error:
        assert re.match(
            r"trips.late cannot publish 'late_trips': column 'x' is .+ and cannot be stored", str(error)
        )
        assert EXPRESSION.search(str(error))
        return
    path = snapshots.find(workspace, "late_trips", warehouse.current(workspace, "late_trips").digest)
    rows = snapshots.rows_of(path, "late_trips").sort_by("row")
    for given, found in zip(values.tolist(), rows["x"].to_pylist(), strict=True):
        if not isinstance(found, list | dict):
            assert equal(given, found)


def test_the_message_names_column_type_and_conversion(workspace: Workspace) -> None:
    frame = pd.DataFrame({"shop": "a", "orders": [Decimal("1.5")], "mean_wait": 1.5})
    times = pd.to_datetime(["2026-01-31"], utc=True)
    with pytest.raises(PlatformError) as raised:
        warehouse.publish(
            workspace, "shop_load", frame.assign(observed_at=times, ingested_at=times), "trips.x"
        )
    assert str(raised.value) == (
        "trips.x cannot publish 'shop_load': column 'orders' is object (decimal128(2, 1)) and cannot be "
        "stored as int64 (Rescaling Decimal value would cause data loss): convert it, for example with "
        "`frame['orders'].astype('float64').round().astype('Int64')`. features/shop_load.yaml requires the "
        "type."
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([datetime(2262, 1, 1, tzinfo=UTC)], "outside of the years 1678 to 2261"),
        ([datetime(1677, 12, 31, 23, 59, tzinfo=UTC), None], "outside of the years 1678 to 2261"),
        (["a\0b", None], "zero byte"),
    ],
)
def test_what_one_of_the_stores_cannot_hold_is_refused_whether_declared_or_not(
    values: list[Any], reason: str
) -> None:
    column = pd.Series(values, dtype="object", name="it")
    declared = "string" if isinstance(values[0], str) else "timestamp"
    for convert in (columns.as_found, lambda given: columns.as_declared(given, declared)):
        with pytest.raises(columns.Unfit, match=reason):
            convert(column)
