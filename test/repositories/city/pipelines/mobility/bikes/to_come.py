"""The hours whose demand is asked for."""

from __future__ import annotations

import city
import numpy as np
import pandas as pd


def hours(rentals: pd.DataFrame, ahead: int) -> pd.DataFrame:
    """A row per known station and hour, for the `ahead` hours after the last one that has ended."""
    last = rentals["hour_end"].max()
    ends = pd.date_range(last + pd.Timedelta(hours=1), periods=ahead, freq="h")
    stations = np.sort(rentals["station"].unique()).astype(object)
    hour, weekday = city.local(ends)
    return pd.DataFrame(
        {
            "hour_end": ends.repeat(len(stations)),
            "station": np.tile(stations, ahead),
            "hour": hour.repeat(len(stations)),
            "weekday": weekday.repeat(len(stations)),
        }
    )
