"""The training function alone, on made-up rows."""

from __future__ import annotations

import numpy as np
import pandas as pd


def test_it_learns_from_rows_with_missing_features(team_module) -> None:
    random = np.random.default_rng(0)
    items, mean = random.integers(1, 9, 2000), random.normal(30, 5, 2000)
    rows = pd.DataFrame({"items": items, "mean_minutes_24h": mean})
    minutes = rows["mean_minutes_24h"] + 2 * rows["items"]
    rows.loc[::7, "mean_minutes_24h"] = np.nan

    predicted = team_module("train.py").fit(rows, minutes).predict(rows)

    assert np.abs(predicted - minutes).mean() < np.abs(minutes - minutes.mean()).mean() / 2
