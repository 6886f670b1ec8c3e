"""What the city's data is like, and that no feature sees what comes later."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

import city
import recent
import rentals
import to_come
import weather

NOON = pd.Timestamp("2026-03-30T12:00:00Z")  # the day after the clocks went forward
DAY = pd.Timedelta(days=1)


def known(now: pd.Timestamp, days: int = 14) -> pd.DataFrame:
    ends = city.hours_until(now)
    return rentals.made(ends[ends > now - days * DAY])


def test_there_is_one_row_per_station_and_hour_of_six_months_whatever_the_clocks_do() -> None:
    rows = weather.made(city.hours_until(NOON))
    assert len(rows) == 50 * (183 * 24 + 1)
    assert not rows.duplicated(["station", "observed_at"]).any()
    assert rows["observed_at"].max() == NOON


def test_what_was_published_once_is_published_again() -> None:
    early, late = known(NOON, 3), known(NOON + DAY, 4)
    pd.testing.assert_frame_equal(early, late.head(len(early)))


def test_there_is_a_rhythm_of_days_and_weeks_and_rain_keeps_people_away() -> None:
    rows = known(NOON, 60)
    mean = rows.groupby([rows["weekday"] <= 5, "hour"])["rentals"].mean()
    assert mean[True, 8] > 2 * mean[False, 8]
    assert mean[True, 17] > 4 * mean[True, 3]
    rain = city.weather(pd.DatetimeIndex(rows["hour_end"].unique()))["rain"]
    wet = rows["hour_end"].map(rain) > 0
    rush = rows["hour"] == 17
    assert rows[wet & rush]["rentals"].mean() < 0.7 * rows[~wet & rush]["rentals"].mean()


def test_a_feature_is_the_same_whether_or_not_the_future_is_known() -> None:
    rows = known(NOON)
    cut = NOON - 2 * DAY
    then = recent.station_recent(rows[rows["hour_end"] <= cut])
    now = recent.station_recent(rows)
    both = now[now["observed_at"] <= cut].reset_index(drop=True)
    assert len(then) > 1000
    pd.testing.assert_frame_equal(then, both)


def test_windows_end_with_the_hour_that_has_ended_and_rows_are_known_later_than_it() -> None:
    rows = known(NOON)
    one = recent.station_recent(rows).query("station == 'st07'").set_index("observed_at")
    counts = rows.query("station == 'st07'").set_index("hour_end")["rentals"]
    last = counts.index.max()
    assert one.loc[last, "rentals_1h"] == counts[last]
    assert one.loc[last, "rentals_3h"] == counts[last - pd.Timedelta(hours=2) :].sum()
    before = counts[last - 8 * DAY + pd.Timedelta(hours=1) : last - DAY]
    assert len(before) == 7 * 24
    assert (
        abs(
            one.loc[last, "share_of_week"]
            - counts[last - DAY + pd.Timedelta(hours=1) :].sum() / (before.sum() / 7)
        )
        < 1e-9
    )
    assert (one["ingested_at"] > one.index).all()


def test_the_hours_to_come_begin_with_the_one_that_runs() -> None:
    rows = to_come.hours(known(NOON, 1), ahead=24)
    assert len(rows) == 50 * 24
    assert rows["hour_end"].min() == NOON + pd.Timedelta(hours=1)
    assert rows.loc[0, "hour"] == 14  # in Berlin, in summer
