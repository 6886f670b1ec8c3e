"""Runs one after the other, some repeated, some without rows: the table holds what each wrote last."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.tables.partitions import Partition

# The hours at which runs start each day, and on which weekdays.
SCHEDULES = {
    "midnight": ([0], range(7)),
    "six": ([6], range(7)),
    "weekdays at six": ([6], range(5)),
    "nine and five": ([9, 17], range(7)),
    "every hour": (list(range(24)), range(7)),
    "Mondays": ([0], [0]),
}
# Zones, and days a week before their clocks change.
CHANGES = [
    ("UTC", date(2026, 3, 1)),
    ("America/New_York", date(2026, 3, 2)),
    ("America/New_York", date(2026, 10, 26)),
    ("Europe/Berlin", date(2026, 3, 23)),
    ("Europe/Berlin", date(2026, 10, 19)),
    ("Australia/Lord_Howe", date(2026, 3, 30)),
    ("America/Santiago", date(2026, 8, 31)),
    ("Asia/Kolkata", date(2026, 3, 23)),
]


def ticks(zone: str, hours: list[int], weekdays: range | list[int], first: date) -> Iterator[datetime]:
    for number in range(15):
        day = first + timedelta(days=number)
        for hour in hours if day.weekday() in weekdays else []:
            local = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone), fold=1)
            yield local.astimezone(UTC)


def intervals(zone: str, schedule: str, first: date) -> list[tuple[datetime, datetime]]:
    moments = sorted(set(ticks(zone, *SCHEDULES[schedule], first)))
    return list(itertools.pairwise(moments))


def rows(start: datetime, end: datetime, mark: int) -> pa.Table:
    """One row for each quarter of an hour in the interval."""
    times = pd.date_range(start, end, freq="15min")
    times = times[times < end]  # inclusive="left" keeps the only moment of an empty interval
    kind = pa.timestamp("us", tz="UTC")
    return pa.table(
        {"at": pa.array(times.to_pydatetime(), kind), "mark": pa.array([mark] * len(times), pa.int64())}
    )


def write(kept: pa.Table, new: pa.Table, zone: str, start: datetime | None, end: datetime | None) -> pa.Table:
    outside = Partition("at", zone, start, end).outside(kept, new, "hours")
    return pa.concat_tables([outside, new])


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("zone", "first"), CHANGES)
def test_a_rerun_replaces_exactly_its_own_also_by_nothing(zone: str, schedule: str, first: date) -> None:
    runs = intervals(zone, schedule, first)
    table = rows(runs[0][0], runs[0][0], 0)
    for start, end in runs:
        table = write(table, rows(start, end, 0), zone, start, end)
    whole = rows(runs[0][0], runs[-1][1], 0)
    assert table.sort_by("at").equals(whole)

    again = runs[len(runs) // 2]
    table = write(table, rows(*again, 1), zone, *again)
    assert table.num_rows == whole.num_rows
    assert table["mark"].to_pylist().count(1) == rows(*again, 1).num_rows

    table = write(table, rows(again[0], again[0], 2), zone, *again)
    assert table.num_rows == whole.num_rows - rows(*again, 1).num_rows
    assert not any(again[0] <= moment < again[1] for moment in table["at"].to_pylist())


@pytest.mark.parametrize(("zone", "first"), CHANGES)
def test_days_that_a_run_writes_whole_are_replaced_in_the_zone_of_the_pipeline(
    zone: str, first: date
) -> None:
    days = intervals(zone, "midnight", first)
    table = rows(days[0][0], days[0][0], 0)
    for number in (0, 1, 2, 1, 0):  # started by hand: without an interval
        table = write(table, rows(*days[number], number), zone, None, None)
    assert table.num_rows == rows(days[0][0], days[2][1], 0).num_rows
    # Yesterday as a whole, in an interval from six to six.
    early = [moment + timedelta(hours=6) for moment in days[1]]
    again = write(table, rows(*days[1], 9), zone, *early)
    assert again.num_rows == table.num_rows
    assert again["mark"].to_pylist().count(9) == rows(*days[1], 9).num_rows


@pytest.mark.parametrize("as_text", [False, True], ids=["dates", "texts"])
def test_days_as_values_belong_to_the_interval_in_which_they_end(as_text: bool) -> None:
    def of(*days: int) -> pa.Table:
        values = [date(2026, 1, day) for day in days]
        return pa.table({"day": [value.isoformat() for value in values] if as_text else values})

    zone = ZoneInfo("America/New_York")
    bounds = [datetime(2026, 1, day, 6, tzinfo=zone) for day in (2, 3)]
    partition = Partition("day", zone.key, *bounds)
    assert partition.outside(of(1, 2, 2, 3), of(2), "days").equals(of(1, 3))
    assert partition.outside(of(1, 2, 2, 3), of(2).slice(1), "days").equals(of(1, 3))
    hour = Partition("day", zone.key, bounds[0], bounds[0] + timedelta(hours=1))
    assert hour.outside(of(1, 2, 3), of(2).slice(1), "days").equals(of(1, 2, 3))


def test_other_values_are_replaced_by_rows_of_the_same_value() -> None:
    kept = pa.table({"country": ["de", "fr", None], "n": [1, 2, 3]})
    left = Partition("country").outside(kept, pa.table({"country": ["fr"], "n": [9]}), "sales")
    assert left["country"].to_pylist() == ["de", None]


def test_a_frame_without_the_column_is_a_sentence(workspace: Workspace) -> None:
    times = pd.to_datetime(["2026-01-01T00:00Z"], utc=True)
    frame = pd.DataFrame(
        {"shop": "a", "orders": 1, "mean_wait": 1.5, "observed_at": times, "ingested_at": times}
    )
    for options in ({}, {"mode": "overwrite_partition", "partition": Partition("observed_at")}):
        warehouse.publish(workspace, "shop_load", frame, "trips.shops", **options)
    assert len(warehouse.read(workspace, "shop_load")) == 1
    with pytest.raises(PlatformError, match="needs the column 'day', which its frame lacks"):
        warehouse.publish(
            workspace,
            "shop_load",
            frame,
            "trips.shops",
            mode="overwrite_partition",
            partition=Partition("day"),
        )
