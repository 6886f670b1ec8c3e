"""Orders, and whether the trip was completed."""

import pandas as pd


def orders(context) -> pd.DataFrame:
    rows = []
    for day in range(10):
        rows.append({"driver_id": 1001 + day % 5, "ordered_at": context.interval_end, "trip_completed": day % 2 == 0})
    return pd.DataFrame(rows)
