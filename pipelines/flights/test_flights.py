"""The sample's code on all of its data: what is known when, and nothing from the future."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import derive
import ingest
import nycflights
import upcoming

from mlops_runtime.context import StepContext

FIRST_RUN = datetime(2026, 11, 23, 3, 20, tzinfo=UTC)
HOUR = pd.Timedelta("1h")


def context(state: Path, now: datetime = FIRST_RUN) -> StepContext:
    logger = logging.getLogger("flights.ingest")
    return StepContext(state, None, None, {}, logger, {"MLOPS_NOW": now.isoformat()})


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def source(state: Path) -> pd.DataFrame:
    return nycflights.flights(nycflights.shift(state, FIRST_RUN))


@pytest.fixture(scope="module")
def flights(state: Path) -> pd.DataFrame:
    return ingest.load(context(state))


def test_all_flights_of_the_year_are_in_the_source(source: pd.DataFrame) -> None:
    assert len(source) == 336_776
    assert source["dep_delay"].notna().sum() == 328_521


def test_instants_move_by_whole_weeks_that_are_fixed_at_the_first_run(tmp_path: Path) -> None:
    shift = nycflights.shift(tmp_path, FIRST_RUN)
    assert shift % nycflights.WEEK == timedelta(0)
    assert timedelta(days=1) <= nycflights.LAST_FLIGHT + shift - FIRST_RUN < timedelta(days=8)
    assert nycflights.shift(tmp_path, FIRST_RUN + timedelta(days=30)) == shift
    recorded = json.loads((tmp_path / "sources" / "flights.json").read_text())
    assert recorded == {"weeks": shift // nycflights.WEEK, "first_run": FIRST_RUN.isoformat()}


def test_hours_and_weekdays_are_those_of_new_york(source: pd.DataFrame, state: Path) -> None:
    original = (source["scheduled_at"] - nycflights.shift(state, FIRST_RUN)).dt.tz_convert("America/New_York")
    assert (original.dt.hour == source["scheduled_hour"]).all()
    assert (original.dt.dayofweek + 1 == source["day_of_week"]).all()


def test_a_flight_is_published_when_its_time_has_come(
    state: Path, caplog: pytest.LogCaptureFixture, source: pd.DataFrame
) -> None:
    with caplog.at_level(logging.INFO):
        known = ingest.load(context(state))
    assert (known[["scheduled_at", "departed_at"]].min(axis=1) <= FIRST_RUN).all()
    still = len(source) - len(known)
    assert 0 < still < 8_000
    assert f"336,776 flights in the source, {len(known):,} published, {still:,} still to come" in caplog.text


def test_a_delay_is_known_once_the_plane_has_left(flights: pd.DataFrame, source: pd.DataFrame) -> None:
    assert (flights["departed_at"].dropna() <= FIRST_RUN).all()
    assert (flights["dep_delay"].isna() == flights["departed_at"].isna()).all()
    waiting = source.loc[flights.index, "departed_at"] > FIRST_RUN
    assert waiting.any() and flights.loc[waiting, "dep_delay"].isna().all()


def test_a_later_run_adds_rows_and_changes_none_of_the_derived_ones(
    state: Path, flights: pd.DataFrame
) -> None:
    later = ingest.load(context(state, FIRST_RUN + timedelta(hours=13)))
    assert len(later) > len(flights)
    for make in (derive.carrier_delays, derive.airport_delays, derive.plane_delays):
        before, after = make(flights), make(later)
        common = after[after["observed_at"] <= before["observed_at"].max()]
        pd.testing.assert_frame_equal(
            common.reset_index(drop=True), before.reset_index(drop=True), check_like=True
        )


@pytest.mark.parametrize(
    ("make", "key", "hours", "prefix"),
    [(derive.carrier_delays, "carrier", 6, "6h"), (derive.airport_delays, "airport", 3, "3h")],
    ids=["carrier", "airport"],
)
def test_an_hourly_row_is_made_of_the_departures_in_its_window(
    flights: pd.DataFrame, make, key: str, hours: int, prefix: str
) -> None:
    rows = make(flights)
    assert not rows.duplicated([key, "observed_at"]).any()
    assert (rows["ingested_at"] - rows["observed_at"] == pd.Timedelta("10min")).all()
    for row in rows.sample(60, random_state=1).to_dict("records"):
        window = flights[
            (flights[key] == row[key])
            & (flights["departed_at"] > row["observed_at"] - hours * HOUR)
            & (flights["departed_at"] <= row["observed_at"])
        ]["dep_delay"]
        assert row[f"departures_{prefix}"] == len(window)
        np.testing.assert_allclose(row[f"mean_delay_{prefix}"], window.mean() if len(window) else np.nan)
        if key == "airport" and len(window):
            np.testing.assert_allclose(row["late_share_3h"], (window > 15).mean())


def test_a_planes_row_is_made_of_its_own_departures_up_to_then(flights: pd.DataFrame) -> None:
    rows = derive.plane_delays(flights)
    assert not rows.duplicated(["plane", "observed_at"]).any()
    for row in rows.sample(60, random_state=1).to_dict("records"):
        own = flights[(flights["plane"] == row["plane"]) & (flights["departed_at"] <= row["observed_at"])]
        week = own[own["departed_at"] > row["observed_at"] - 7 * 24 * HOUR]["dep_delay"]
        day = own[own["departed_at"] > row["observed_at"] - 24 * HOUR]
        assert row["departures_24h"] == len(day)
        np.testing.assert_allclose(row["mean_delay_7d"], week.mean())
        assert row["last_delay"] == own.sort_values(["departed_at", "scheduled_at"])["dep_delay"].iloc[-1]


def test_weather_is_one_observation_an_hour_and_airport_known_by_then(state: Path) -> None:
    rows = ingest.weather(context(state))
    assert not rows.duplicated(["airport", "observed_at"]).any()
    assert set(rows["airport"]) == {"EWR", "JFK", "LGA"}
    assert (rows["ingested_at"] <= FIRST_RUN).all()


def test_flights_still_to_come_are_offered_with_their_actual_delay(state: Path) -> None:
    coming = upcoming.held_back(state, 20, FIRST_RUN)
    assert len(coming) == 20
    assert all(datetime.fromisoformat(flight["scheduled_at"]) > FIRST_RUN for flight in coming)
    assert set(coming[0]["instance"]) == set(upcoming.INSTANCE)
    json.dumps(coming, allow_nan=False)
