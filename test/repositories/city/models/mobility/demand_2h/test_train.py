"""The training function alone, on made-up rows."""

from __future__ import annotations

import numpy as np
import pandas as pd


def test_it_learns_from_rows_with_missing_features_and_never_predicts_fewer_than_none(team_module) -> None:
    random = np.random.default_rng(0)
    rows = pd.DataFrame({"rentals_1h": random.poisson(6, 3000), "hour": random.integers(0, 24, 3000)})
    rentals = pd.Series(random.poisson(rows["rentals_1h"] * (1 + (rows["hour"] > 16))))
    rows = rows.astype("float64")
    rows.loc[::9, "rentals_1h"] = np.nan

    predicted = team_module("train.py").fit(rows, rentals, max_iter=25).predict(rows)

    assert (predicted >= 0).all()
    assert np.abs(predicted - rentals).mean() < 0.6 * np.abs(rentals - rentals.mean()).mean()
