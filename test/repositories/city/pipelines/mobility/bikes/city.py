"""The city that the data is made for: its stations, its weather and its habits, the same on every machine.

An hour's numbers follow from the hour alone (its count since 1970 is the seed), so that what was published
once is published again, however often and whenever the pipeline runs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

ZONE = "Europe/Berlin"
DAYS = 183
STATIONS = [f"st{number:02d}" for number in range(50)]
# Relative demand by local hour, on working days and on others.
WORK = np.array([1, 1, 0.5, 0.5, 1, 2, 6, 12, 14, 8, 6, 6, 7, 7, 7, 8, 11, 15, 14, 10, 7, 5, 3, 2])
FREE = np.array([3, 2, 2, 1, 1, 1, 1, 2, 4, 6, 8, 10, 11, 12, 12, 12, 11, 10, 9, 8, 6, 5, 4, 3])


def hours_until(now: pd.Timestamp) -> pd.DatetimeIndex:
    """The ends of all full hours of the last six months that have ended by `now`, in UTC."""
    last = now.floor("h")
    return pd.date_range(last - pd.Timedelta(days=DAYS), last, freq="h")


def local(ends: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Local hour and day (Monday is 1) in which each hour begins."""
    begins = (ends - pd.Timedelta(hours=1)).tz_convert(ZONE)
    return begins.hour.to_numpy("int64"), begins.dayofweek.to_numpy("int64") + 1


def weather(ends: pd.DatetimeIndex) -> pd.DataFrame:
    """Temperature (degC), wind (m/s) and rain (mm) of each hour; showers last some hours."""
    number = _numbers(ends)
    spell = np.array([np.random.default_rng([2, block]).random() for block in np.unique(number // 5)])
    rains = spell[np.unique(number // 5, return_inverse=True)[1]] < 0.2
    hour = np.arange(len(ends)) * 0 + number % 24
    noise = np.stack([np.random.default_rng([3, each]).random(3) for each in number])
    season = np.sin(2 * np.pi * (number / 24 - 110) / 365.25)
    return pd.DataFrame(
        {
            "temperature": (11 + 9 * season + 4 * np.sin(2 * np.pi * (hour - 8) / 24) + noise[:, 0]).round(1),
            "wind_speed": (2 + 6 * noise[:, 1] ** 2).round(1),
            "rain": np.where(rains, (0.3 + 4 * noise[:, 2]), 0.0).round(1),
        },
        index=ends,
    )


def rentals(ends: pd.DatetimeIndex) -> np.ndarray:
    """Counts by hour (rows) and station (columns)."""
    hour, weekday = local(ends)
    weight = np.where(weekday <= 5, WORK[hour], FREE[hour])
    sky = weather(ends)
    dry = np.where(sky["rain"] > 0, 0.45, 1.0) * np.clip(0.5 + sky["temperature"] / 30, 0.3, 1.3)
    size = 0.2 + np.random.default_rng(1).gamma(2.0, 0.4, len(STATIONS))
    expected = np.outer(weight * dry, size)
    return np.stack(
        [
            np.random.default_rng([4, each]).poisson(row)
            for each, row in zip(_numbers(ends), expected, strict=True)
        ]
    )


def _numbers(ends: pd.DatetimeIndex) -> np.ndarray:
    return (ends - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(hours=1)
