"""The training function alone, on made-up rows."""

from __future__ import annotations

import numpy as np
import pandas as pd


def test_it_learns_the_rhythm_of_the_day_from_rows_with_missing_features(team_module) -> None:
    random = np.random.default_rng(0)
    hour, weekday = random.integers(0, 24, 3000), random.integers(1, 8, 3000)
    rentals = pd.Series(random.poisson(2 + 8 * (np.abs(hour - 17) < 3) + 3 * (weekday > 5)))
    rows = pd.DataFrame({"rentals_24h": 90.0, "hour": hour, "weekday": weekday})
    rows.loc[::9, "rentals_24h"] = np.nan

    predicted = team_module("train.py").fit(rows, rentals, max_iter=25).predict(rows)

    assert np.abs(predicted - rentals).mean() < 0.6 * np.abs(rentals - rentals.mean()).mean()
