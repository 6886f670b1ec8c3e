"""Each customer's history: a row for every moment at which it changes, of what was known just then."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The pipeline runs each hour; a row is in the feature store within this time.
LAG = pd.Timedelta(minutes=15)
WEEK, MONTH = pd.Timedelta(days=7), pd.Timedelta(days=30)


def customer_history(tickets: pd.DataFrame) -> pd.DataFrame:
    """It changes when a ticket is opened or judged, and when one leaves a window."""
    known = max(tickets["opened_at"].max(), tickets["judged_at"].max())
    rows = pd.concat(
        [_of_customer(group, known) for _, group in tickets.groupby("customer")], ignore_index=True
    )
    return rows.assign(ingested_at=rows["observed_at"] + LAG)


def _of_customer(tickets: pd.DataFrame, known: pd.Timestamp) -> pd.DataFrame:
    by_opening = tickets.sort_values(["opened_at", "ticket"])
    judged = tickets.dropna(subset=["judged_at"]).sort_values(["judged_at", "ticket"])
    opened, judged_at = pd.DatetimeIndex(by_opening["opened_at"]), pd.DatetimeIndex(judged["judged_at"])
    changes = opened.append([judged_at, opened + WEEK, opened + MONTH]).unique().sort_values()
    moments = changes[changes <= known]
    total = _until(opened, moments)
    verdicts = np.concatenate([[np.nan], judged["urgent"].to_numpy("float64")])
    return pd.DataFrame(
        {
            "customer": by_opening["customer"].iloc[0],
            "observed_at": moments,
            "tickets_7d": total - _until(opened, moments - WEEK),
            "tickets_30d": total - _until(opened, moments - MONTH),
            "last_urgent": verdicts[_until(judged_at, moments)],
            "plan": by_opening["plan"].to_numpy(dtype=object)[total - 1],
        }
    )


def _until(times: pd.DatetimeIndex, moments: pd.DatetimeIndex) -> np.ndarray:
    """How many of the sorted times lie at or before each moment."""
    return times.searchsorted(moments, side="right").astype("int64")
