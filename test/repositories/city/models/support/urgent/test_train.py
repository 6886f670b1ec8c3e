"""The training function alone, on made-up rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score


def test_it_learns_from_first_tickets_too_and_takes_a_plan_it_has_not_seen(team_module) -> None:
    random = np.random.default_rng(0)
    last = random.integers(0, 2, 2000).astype("float64")
    outage = random.integers(0, 2, 2000).astype(bool)
    rows = pd.DataFrame(
        {"customer_history__plan": "team", "customer_history__last_urgent": last, "outage": outage}
    )
    urgent = pd.Series((random.random(2000) < 0.1 + 0.4 * last + 0.4 * outage).astype("int64"))
    rows.loc[::10, "customer_history__last_urgent"] = np.nan
    rows.loc[::10, "customer_history__plan"] = None

    model = team_module("train.py").fit(rows, urgent)

    assert roc_auc_score(urgent, model.predict_proba(rows)[:, 1]) > 0.75
    strange = rows.head(1).assign(customer_history__plan="enterprise")
    assert 0 < model.predict_proba(strange)[0, 1] < 1
