"""Orders of a made-up shop, the same on every machine: the number of an hour is the seed of its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from mlops_runtime.context import StepContext

STORES = ["airport", "castle", "harbour", "market", "park", "station"]
DAYS = 45
BUSY = {8: 8, 12: 14, 13: 14, 18: 20, 19: 24, 20: 16}
# A delivery is in the feature store this long after it has ended.
LAG = pd.Timedelta(minutes=10)


def load(context: StepContext) -> pd.DataFrame:
    """What is known by now: of an order that is still on its way, nobody knows how long it takes."""
    now = pd.Timestamp(context.now())
    orders = made(now.floor("h") - pd.Timedelta(days=DAYS), now)
    known = orders[orders["ordered_at"] <= now].reset_index(drop=True)
    delivered = known["delivered_at"] <= now
    context.logger.info("%s orders, %s delivered", f"{len(known):,}", f"{int(delivered.sum()):,}")
    return known.assign(
        delivered_at=known["delivered_at"].where(delivered), minutes=known["minutes"].where(delivered)
    )


def made(begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """One row per order of the hours from `begin` to the one that holds `end`."""
    first, last = (int(moment.timestamp()) // 3600 for moment in (begin, end))
    hours = [_of_hour(number) for number in range(first, last + 1)]
    columns = {name: np.concatenate([hour[name] for hour in hours]) for name in hours[0]}
    ordered_at = pd.to_datetime(columns.pop("second"), unit="s", utc=True)
    delivered_at = ordered_at + pd.to_timedelta(columns["minutes"], unit="min")
    return pd.DataFrame({"ordered_at": ordered_at, "delivered_at": delivered_at, **columns})


def _of_hour(number: int) -> dict[str, np.ndarray]:
    """Orders of an hour, counted from 1970."""
    random = np.random.default_rng(number)
    hour = number % 24
    count = BUSY.get(hour, 5)
    store = random.integers(0, len(STORES), count)
    items = random.integers(1, 9, count)
    distance = random.gamma(2.0, 1.5, count).round(1)
    minutes = 12 + 3 * store + 1.5 * items + 4 * distance + count / 2 + random.normal(0, 3, count)
    return {
        "second": number * 3600 + np.sort(random.integers(0, 3600, count)),
        "store": np.array(STORES, dtype=object)[store],
        "items": items,
        "distance": distance,
        "hour": np.full(count, hour),
        "minutes": np.maximum(minutes, 5).round(1),
    }


def store_deliveries(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per store and full hour: what was known then, and nothing later."""
    first, last = orders["ordered_at"].min().ceil("h"), orders["ordered_at"].max().floor("h")
    hours = pd.date_range(first, last, freq="h")
    rows = pd.concat([_of_store(store, group, hours) for store, group in orders.groupby("store")])
    return rows.assign(ingested_at=rows["observed_at"] + LAG)


def _of_store(store: str, orders: pd.DataFrame, hours: pd.DatetimeIndex) -> pd.DataFrame:
    delivered = orders.dropna(subset=["minutes"]).sort_values("delivered_at")
    ordered, ended = orders["ordered_at"].sort_values(), delivered["delivered_at"]
    totals = np.concatenate([[0.0], delivered["minutes"].to_numpy().cumsum()])
    day = hours - pd.Timedelta(hours=24)
    count = _until(ended, hours) - _until(ended, day)
    minutes = totals[_until(ended, hours)] - totals[_until(ended, day)]
    lately = _until(ordered, hours) - _until(ordered, hours - pd.Timedelta(hours=3))
    return pd.DataFrame(
        {
            "store": store,
            "observed_at": hours,
            "orders_3h": lately.astype("int64"),
            "mean_minutes_24h": np.where(count > 0, minutes / np.maximum(count, 1), np.nan),
        }
    )


def _until(times: pd.Series, moments: pd.DatetimeIndex) -> np.ndarray:
    """How many of the sorted times lie at or before each moment."""
    return pd.DatetimeIndex(times).searchsorted(moments, side="right")
