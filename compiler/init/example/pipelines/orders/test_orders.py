"""What is known when, and nothing from the future."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from mlops_runtime.context import StepContext

sys.path.insert(0, str(Path(__file__).parent))

import orders

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def load(now: datetime) -> pd.DataFrame:
    variables = {"MLOPS_NOW": now.isoformat()}
    return orders.load(StepContext(Path("unused"), None, None, {}, logging.getLogger("test"), variables))


def test_the_same_moment_gives_the_same_orders() -> None:
    pd.testing.assert_frame_equal(load(NOON), load(NOON))


def test_an_order_on_its_way_has_no_time_yet() -> None:
    known = load(NOON)
    assert known["minutes"].isna().any()
    assert (known["delivered_at"].dropna() <= pd.Timestamp(NOON)).all()


def test_a_row_of_a_store_is_the_same_an_hour_later() -> None:
    early = orders.store_deliveries(load(NOON))
    # The later one no longer has the first hours.
    before = early[early["observed_at"] > pd.Timestamp(NOON) - pd.Timedelta(days=10)]
    after = orders.store_deliveries(load(NOON + timedelta(hours=1)))
    both = before.merge(after, on=["store", "observed_at"], suffixes=("", "_later"))
    assert len(both) == len(before)
    for feature in ("orders_3h", "mean_minutes_24h"):
        np.testing.assert_allclose(both[feature], both[f"{feature}_later"])
