"""The weather that the stations report at the end of each hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import city
import numpy as np
import pandas as pd
import rentals

if TYPE_CHECKING:
    from mlops_runtime.context import StepContext

LAG = pd.Timedelta(minutes=10)
COOLER = 0.02  # degC from one station to the next, up the hill


def load(context: StepContext) -> pd.DataFrame:
    return made(city.hours_until(rentals.until(context)))


def made(ends: pd.DatetimeIndex) -> pd.DataFrame:
    stations = len(city.STATIONS)
    sky = city.weather(ends)
    rows = sky.loc[sky.index.repeat(stations)].reset_index(names="observed_at")
    height = np.tile(np.arange(stations), len(ends))
    return rows.assign(
        station=np.tile(np.array(city.STATIONS, dtype=object), len(ends)),
        temperature=rows["temperature"] - COOLER * height,
        ingested_at=rows["observed_at"] + LAG,
    )
