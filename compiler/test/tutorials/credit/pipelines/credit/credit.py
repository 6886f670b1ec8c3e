"""Zip codes and past debts, handed on as the Parquet files have them."""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data"


def places(context):
    """States and cities of zipcodes, with populations and wages."""
    states = pd.read_parquet(DATA / "zipcode_table.parquet")
    return states.assign(seen_at=context.interval_end, loaded_at=context.interval_end)


def debts(context):
    """Mortgages, student loans, and what people owe on cards."""
    mortgages = pd.read_parquet(DATA / "credit_history.parquet")
    return mortgages.assign(seen_at=context.interval_end, loaded_at=context.interval_end)
