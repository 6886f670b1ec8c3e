"""The made-up model as the monitor knows it, and predictions of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.predictions.columns import AT, LABEL_TIMESTAMP, PREDICTION, VERSION

NOW = datetime(2026, 3, 10, tzinfo=UTC)
MONITORED = contracts.MonitoredModel.model_validate_json(
    json.dumps(
        {
            "model": "trip_delay",
            "task": "regression",
            "label": {"table": "trips", "column": "delay", "timestamp": "scheduled_at"}
            | {"horizon_seconds": 3600},
            "keys": ["driver", "shop"],
            "request": ["distance"],
            "inputs": [{"name": "distance", "type": "int64"}, {"name": "season", "type": "float64"}],
            "drift": {"window_seconds": 86400, "min_samples": 100, "ignore": ["season"]},
            "performance": {"window_seconds": 86400, "min_samples": 2},
        }
    )
)


def predictions(rows: int, hours: float = 24) -> pd.DataFrame:
    at = [NOW - timedelta(hours=hours * index / rows) for index in range(rows)]
    return pd.DataFrame(
        {
            "driver": "ann",
            "shop": "north",
            "distance": np.arange(rows) % 50,
            "season": 1e6,
            AT: pd.to_datetime(at, utc=True),
            LABEL_TIMESTAMP: pd.Series([pd.NaT] * rows, dtype="datetime64[ns, UTC]"),
            VERSION: "1",
            PREDICTION: 1.0,
        }
    )
