"""How busy each station has been: a row holds what was known when its hour had ended, and nothing later."""

from __future__ import annotations

import pandas as pd

# An hour is in the feature store this long after it has ended, so training may not have it earlier.
LAG = pd.Timedelta(minutes=10)
DAY, WEEK = 24, 7 * 24


def station_recent(rentals: pd.DataFrame) -> pd.DataFrame:
    """One row per station and hour, from the ninth day on: before it the week before is not whole."""
    hourly = rentals.pivot(index="hour_end", columns="station", values="rentals")
    day = hourly.rolling(DAY).sum()
    week = hourly.rolling(WEEK).sum().shift(DAY) / 7
    wide = {
        "rentals_1h": hourly,
        "rentals_3h": hourly.rolling(3).sum(),
        "rentals_24h": day,
        "share_of_week": day / week.where(week > 0),
    }
    whole = hourly.index[DAY + WEEK - 1 :]
    rows = pd.DataFrame({name: values.loc[whole].stack(future_stack=True) for name, values in wide.items()})
    counts = ["rentals_1h", "rentals_3h", "rentals_24h"]
    rows = rows.astype(dict.fromkeys(counts, "int64")).reset_index(names=["observed_at", "station"])
    return rows.assign(ingested_at=rows["observed_at"] + LAG)
