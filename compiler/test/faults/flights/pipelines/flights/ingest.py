"""Flights and weather as far as they are known by now. Only here does the clock matter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import nycflights
import pandas as pd

if TYPE_CHECKING:
    from mlops_runtime.context import StepContext

# An observation is in the feature store this long after it was made.
WEATHER_LAG = timedelta(minutes=10)


def load(context: StepContext) -> pd.DataFrame:
    now = pd.Timestamp(context.now())
    flights = nycflights.flights(nycflights.shift(context.state_dir, context.now()))
    known = known_by(flights, now)
    context.logger.info(
        "%s flights in the source, %s published, %s still to come",
        *(f"{count:,}" for count in (len(flights), len(known), len(flights) - len(known))),
    )
    return known


def known_by(flights: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Flights that were due or have left, and of these only the departures that have happened."""
    departed = flights["departed_at"] <= now
    known = flights.assign(
        departed_at=flights["departed_at"].where(departed), dep_delay=flights["dep_delay"].where(departed)
    )
    return known[(flights["scheduled_at"] <= now) | departed]


def weather(context: StepContext) -> pd.DataFrame:
    observed = nycflights.weather(nycflights.shift(context.state_dir, context.now()))
    observed["ingested_at"] = observed["observed_at"] + WEATHER_LAG
    return observed[observed["ingested_at"] <= context.now()]
