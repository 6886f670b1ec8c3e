"""Which rows of a table new ones replace, by `mode: overwrite_partition`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from mlops_runtime.errors import BrokenContract


@dataclass(frozen=True)
class Partition:
    """The partition column, the time zone in which its days begin, and the run's interval if it has one.

    A run whose timestamps all lie in its interval, or that has no rows, replaces exactly its interval: runs
    by the hour, or from six to six, leave each other's rows alone. Otherwise it replaces the days of its
    rows. Of a column of days (dates, or texts such as 2026-01-31) a run also replaces those that end in its
    interval; other values are replaced by rows of the same value only.
    """

    column: str
    timezone: str = "UTC"
    start: datetime | None = None
    end: datetime | None = None

    def outside(self, kept: pa.Table, rows: pa.Table, table: str) -> pa.Table:
        """The kept rows that the new ones do not replace. Raises `PlatformError` without the column."""
        if self.column not in rows.column_names or self.column not in kept.column_names:
            whose = "its frame" if self.column not in rows.column_names else "the table so far"
            raise BrokenContract(
                f"overwrite_partition of '{table}' needs the column '{self.column}', which {whose} lacks."
            )
        old, new = kept[self.column], rows[self.column]
        if pa.types.is_timestamp(old.type):
            return kept.filter(pc.invert(self._replaced_times(old, new)))
        values = [*pc.unique(new).to_pylist(), *self._own_days(old.type)]
        return kept.filter(pc.invert(pc.is_in(old, value_set=pa.array(values, old.type))))

    def _replaced_times(self, old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.ChunkedArray:
        bounds = self._bounds(old.type)
        if bounds is not None and pc.all(pc.fill_null(_within(new, bounds), False)).as_py() is not False:
            return pc.fill_null(_within(old, bounds), False)
        return pc.is_in(self._day(old), value_set=pc.unique(self._day(new.cast(old.type))))

    def _day(self, times: pa.ChunkedArray) -> pa.ChunkedArray:
        """In local time: where clocks are changed at midnight, a day's beginning is no moment."""
        if times.type.tz is None:
            return pc.floor_temporal(times, unit="day")
        zoned = times.cast(pa.timestamp(times.type.unit, tz=self.timezone))
        return pc.floor_temporal(pc.local_timestamp(zoned), unit="day")

    def _bounds(self, kind: pa.DataType) -> tuple[pa.Scalar, pa.Scalar] | None:
        if self.start is None or self.end is None or self.start >= self.end:
            return None
        start, end = (
            moment.astimezone(UTC) if kind.tz else self._local(moment) for moment in (self.start, self.end)
        )
        return pa.scalar(start, kind), pa.scalar(end, kind)

    def _own_days(self, kind: pa.DataType) -> list[date] | list[str]:
        if self.start is None or self.end is None:
            return []
        first, end = (self._local(moment).date() for moment in (self.start, self.end))
        days = [first + timedelta(days=number) for number in range((end - first).days)]
        if pa.types.is_date(kind):
            return days
        return [day.isoformat() for day in days] if pa.types.is_string(kind) else []

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)


@dataclass(frozen=True)
class Since:
    """All rows whose timestamp `column` is `start` or later."""

    column: str
    start: datetime

    def outside(self, kept: pa.Table, _rows: pa.Table, _table: str) -> pa.Table:
        """The kept rows that the new ones do not replace."""
        times = kept[self.column]
        return kept.filter(pc.less(times, pa.scalar(self.start, times.type)))


def _within(times: pa.ChunkedArray, bounds: tuple[pa.Scalar, pa.Scalar]) -> pa.ChunkedArray:
    times = times.cast(bounds[0].type)
    return pc.and_(pc.greater_equal(times, bounds[0]), pc.less(times, bounds[1]))
