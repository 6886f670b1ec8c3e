"""The training function alone; what the platform does with it is tested in runtime/."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mlops_runtime.team import functions

FOLDER = Path(__file__).parent


def test_it_learns_from_rows_with_missing_features_and_is_the_same_each_time() -> None:
    fit = functions.load(FOLDER, "train.py", "fit")
    random = np.random.default_rng(0)
    rows = pd.DataFrame(
        {"last_delay": random.normal(10, 20, 5000), "distance": random.integers(100, 2000, 5000)}
    )
    delay = rows["last_delay"] * 0.5 + random.normal(0, 1, 5000)
    rows.loc[::7, "last_delay"] = np.nan

    one, other = (fit(rows, delay, max_iter=20, learning_rate=0.1).predict(rows) for _ in range(2))

    assert np.array_equal(one, other)
    assert np.abs(one - delay).mean() < np.abs(delay - delay.mean()).mean() / 2
