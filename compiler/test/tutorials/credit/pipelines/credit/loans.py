"""Who asked for a loan, and whether it was paid back."""

from pathlib import Path

import pandas as pd


def loans():
    amounts = pd.read_parquet(Path(__file__).parent / "data" / "loan_table.parquet")
    amounts["loan_status"] = amounts["loan_status"].astype(bool)
    return amounts.rename(columns={"event_timestamp": "asked_at"})
