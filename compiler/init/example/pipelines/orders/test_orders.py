"""What is known when, and nothing from the future."""

from __future__ import annotations

import numpy as np
import pandas as pd

NOON = pd.Timestamp("2026-03-02T12:00Z")


def test_the_same_moment_gives_the_same_orders(team_module, context) -> None:
    load = team_module("orders.py").load
    pd.testing.assert_frame_equal(load(context), load(context))


def test_an_order_on_its_way_has_no_time_yet(team_module, context, clock) -> None:
    clock.set("2026-03-02T12:00Z")
    known = team_module("orders.py").load(context)
    assert known["minutes"].isna().any()
    assert (known["delivered_at"].dropna() <= NOON).all()


def test_a_row_of_a_store_is_the_same_an_hour_later(team_module, context, clock) -> None:
    orders = team_module("orders.py")
    clock.set("2026-03-02T12:00Z")
    early = orders.store_deliveries(orders.load(context))
    clock.set("2026-03-02T13:00Z")
    late = orders.store_deliveries(orders.load(context))
    # The later one no longer has the first hours.
    before = early[early["observed_at"] > NOON - pd.Timedelta(days=10)]
    both = before.merge(late, on=["store", "observed_at"], suffixes=("", "_later"))
    assert len(both) == len(before)
    for feature in ("orders_3h", "mean_minutes_24h"):
        np.testing.assert_allclose(both[feature], both[f"{feature}_later"])


def test_what_the_steps_publish_is_what_the_specs_say(run_step, tables) -> None:
    run_step("orders", "load")
    evidence = run_step("orders", "deliveries")
    assert evidence["written"]["store_deliveries"]["rows"] == len(tables["store_deliveries"]) > 0
