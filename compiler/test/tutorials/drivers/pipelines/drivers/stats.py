"""What drivers did lately: conversion rates, acceptance rates and trips a day."""

from pathlib import Path

import pandas as pd

RENAMED = {"datetime": "measured_at", "created": "loaded_at"}


def stats(source: str) -> pd.DataFrame:
    rates = pd.read_parquet(Path(__file__).parent / source)
    rates = rates.rename(columns=RENAMED)
    trips = rates["avg_daily_trips"]
    return rates[trips >= 0]
