"""Made-up rows of a table, by the columns of its contract: the same at each call."""

from __future__ import annotations

import zlib
from datetime import datetime

import numpy as np
import pandas as pd

from mlops_runtime import contracts

_KEYS = 5


def sample(contract: contracts.Table, rows: int, until: datetime) -> pd.DataFrame:
    """`rows` rows, an hour apart, of which the newest lies at `until`. Values stay within stated bounds."""
    bounds = {rule.name: rule for rules in contract.rules for rule in getattr(rules, "features", ())}
    data = {column.name: _values(column, rows, until, bounds.get(column.name)) for column in contract.columns}
    return pd.DataFrame(data)


def _values(column: contracts.Column, rows: int, until: datetime, bounds: object) -> object:
    random = np.random.default_rng(zlib.crc32(column.name.encode()))
    low, high = getattr(bounds, "min", None), getattr(bounds, "max", None)
    match column.type:
        case "timestamp":
            return pd.date_range(end=pd.Timestamp(until), periods=rows, freq="h", unit="ns")
        case "string":
            return [f"{column.name}_{number % _KEYS + 1}" for number in range(rows)]
        case "bool":
            return random.integers(0, 2, rows).astype(bool)
        case "int32" | "int64":
            least = 1 if low is None else int(np.ceil(low))
            most = least + _KEYS - 1 if high is None else int(np.floor(high))
            return random.integers(least, max(least, most) + 1, rows).astype(column.type)
        case _:
            bottom, top = _span(low, high)
            return random.uniform(bottom, top, rows).astype(column.type)


def _span(low: float | None, high: float | None) -> tuple[float, float]:
    if low is None and high is None:
        return 0.0, 100.0
    if low is None:
        return float(high or 0) - 100.0, float(high or 0)
    return float(low), float(low) + 100.0 if high is None else float(high)
