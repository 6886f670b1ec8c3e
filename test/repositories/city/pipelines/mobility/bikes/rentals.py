"""Rentals per station and hour, as far as the hours have ended. Only here does the clock matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import city
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from mlops_runtime.context import StepContext


def load(context: StepContext) -> pd.DataFrame:
    return made(city.hours_until(until(context)))


def until(context: StepContext) -> pd.Timestamp:
    """The end of the run's interval; a run that was started by hand has none, and goes up to the present."""
    return pd.Timestamp(context.interval_end or context.now())


def made(ends: pd.DatetimeIndex) -> pd.DataFrame:
    hour, weekday = city.local(ends)
    stations = len(city.STATIONS)
    return pd.DataFrame(
        {
            "hour_end": ends.repeat(stations),
            "station": np.tile(np.array(city.STATIONS, dtype=object), len(ends)),
            "hour": hour.repeat(stations),
            "weekday": weekday.repeat(stations),
            "rentals": city.rentals(ends).ravel().astype("int64"),
        }
    )
