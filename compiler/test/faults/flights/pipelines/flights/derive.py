"""What carriers, airports and planes have been through lately.

A row holds what was known at `observed_at`: it looks at departures at or before that moment and
never at schedules or at the clock. The pipeline runs every hour, so a row is in the feature store
some minutes after the moment that it describes; `ingested_at` says so for history too, which keeps
a training join from using a row earlier than serving could have.
"""

from __future__ import annotations

import pandas as pd

REPORTING_LAG = pd.Timedelta(minutes=10)
LATE = 15  # minutes


def carrier_delays(flights: pd.DataFrame) -> pd.DataFrame:
    sums = _hourly(flights, "carrier", hours=6)
    return sums.assign(
        mean_delay_6h=sums["delay"] / sums["departures"], departures_6h=sums["departures"].astype("int64")
    ).drop(columns=["delay", "late", "departures"])


def airport_delays(flights: pd.DataFrame) -> pd.DataFrame:
    sums = _hourly(flights, "airport", hours=3)
    return sums.assign(
        mean_delay_3h=sums["delay"] / sums["departures"],
        late_share_3h=sums["late"] / sums["departures"],
        departures_3h=sums["departures"].astype("int64"),
    ).drop(columns=["delay", "late", "departures"])


def plane_delays(flights: pd.DataFrame) -> pd.DataFrame:
    """One row a departure; of two at one moment, which only a slip in the data gives, the last counts."""
    departures = flights.dropna(subset=["plane", "departed_at"]).sort_values(
        ["plane", "departed_at", "scheduled_at", "flight"]
    )
    delays = departures.set_index("departed_at").groupby("plane")["dep_delay"]
    # Sums of whole minutes are exact, a rolling mean is not.
    week, day = delays.rolling("7D").agg(["sum", "count"]), delays.rolling("1D").count()
    rows = pd.DataFrame(
        {
            "plane": departures["plane"].to_numpy(),
            "observed_at": departures["departed_at"].array,
            "last_delay": departures["dep_delay"].to_numpy(),
            "mean_delay_7d": (week["sum"] / week["count"]).to_numpy(),
            "departures_24h": day.astype("int64").to_numpy(),
        }
    )
    rows["ingested_at"] = rows["observed_at"] + REPORTING_LAG
    return rows.drop_duplicates(["plane", "observed_at"], keep="last")


def _hourly(flights: pd.DataFrame, key: str, hours: int) -> pd.DataFrame:
    """Sums over the departures in (h - hours, h], for each key seen by then and each full hour h.

    Hours in which nothing departed at all have no rows, and neither has the running hour.
    """
    departed = flights.dropna(subset=["departed_at"])
    hourly = (
        pd.DataFrame(
            {
                "observed_at": departed["departed_at"].dt.ceil("h"),
                key: departed[key],
                "delay": departed["dep_delay"],
                "late": (departed["dep_delay"] > LATE).astype("float64"),
                "departures": 1.0,
            }
        )
        .groupby(["observed_at", key])
        .sum()
        .unstack(key, fill_value=0.0)
    )
    busy = hourly.index[hourly.index <= departed["departed_at"].max()]
    every_hour = hourly.asfreq("h", fill_value=0.0)
    seen = (every_hour["departures"].cumsum() > 0).loc[busy].stack()
    sums = every_hour.rolling(hours, min_periods=1).sum().loc[busy].stack(key, future_stack=True)
    rows = sums[seen.reindex(sums.index)].reset_index()
    rows["ingested_at"] = rows["observed_at"] + REPORTING_LAG
    return rows
