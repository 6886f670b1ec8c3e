"""A workspace with a model on top of `workspace.build`: contracts, real tables, a real feature store.

Deliveries are late by what their shop and driver have been through, so there is something to learn.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse
from trips.repository import build, environment

HOURS = 24 * 60
START = pd.Timestamp("2026-01-01T00:00:00Z")

INPUTS = [
    {"name": "driver_state__last_delay", "type": "float64", "required": False},
    {"name": "shop_load__mean_wait", "type": "float64", "required": False},
    {"name": "shop_load__orders", "type": "float64", "required": False},
    {"name": "distance", "type": "int64", "required": True},
]
FEATURES = [
    {"view": "driver_state", "feature": "last_delay", "type": "float64"},
    {"view": "shop_load", "feature": "mean_wait", "type": "float64"},
    {"view": "shop_load", "feature": "orders", "type": "int64"},
]
ENTITIES = [
    {"entity": "driver", "join_key": "driver", "type": "string"},
    {"entity": "shop", "join_key": "shop", "type": "string"},
]
LOG = {"keep_days": 92, "max_bytes": 10**9}
TTL = {"driver_state": 2 * 86400, "shop_load": 6 * 3600}
FIT = """
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.impute import SimpleImputer


def fit(X, y, intercept=True):
    return make_pipeline(SimpleImputer(), LinearRegression(fit_intercept=intercept)).fit(X, y)
"""


def build_with_model(root: Path, tracking_uri: str, variables: dict[str, str] | None = None) -> Workspace:
    """Contracts and `train.py`; see `publish_trips` for data."""
    build(root)
    write(
        root / "generated/local/runtime/environment.json", environment(mlflow={"tracking_uri": tracking_uri})
    )
    write(root / "generated/common/runtime/models/trip_delay.json", model())
    for name in ("driver_state", "shop_load"):
        write(root / f"generated/common/runtime/views/{name}.json", view(name))
    write(root / "generated/common/mlflow/trip_delay.json", tracking())
    write(root / "generated/common/serving/trip_delay.json", serving())
    write(root / "generated/local/serving/trip_delay.json", endpoint())
    write(root / "generated/common/runtime/tables/trip_delay_predictions.json", predictions_table())
    write_fit(root, FIT)
    return Workspace.open({"MLOPS_ROOT": str(root), **(variables or {})})


def write_fit(root: Path, code: str) -> None:
    (root / "models/trip_delay").mkdir(parents=True, exist_ok=True)
    (root / "models/trip_delay/train.py").write_text(code, encoding="utf-8")


def publish_trips(workspace: Workspace, trips_: pd.DataFrame | None = None) -> None:
    """Publishes the tables and applies the feature definitions."""
    published = {
        "trips": trips() if trips_ is None else trips_,
        "shop_load": shop_load(),
        "driver_state": driver_state(),
    }
    for table, frame in published.items():
        warehouse.publish(workspace, table, frame, "trips.test")
    sides.bring(workspace, "feast")


def trips(hours: int = HOURS) -> pd.DataFrame:
    random = np.random.default_rng(0)
    at = START + pd.to_timedelta(np.arange(hours), unit="h")
    shop = random.choice(["north", "south"], hours)
    distance = random.integers(1, 30, hours)
    delay = np.where(shop == "north", 20.0, 5.0) + 0.5 * distance + random.normal(0, 2, hours)
    delay[::10] = np.nan  # cancelled
    driver = random.choice(["ann", "bob", "cy"], hours)
    return pd.DataFrame(
        {"scheduled_at": at, "shop": shop, "driver": driver, "distance": distance, "delay": delay}
    )


def shop_load() -> pd.DataFrame:
    at = START + pd.to_timedelta(np.arange(0, HOURS, 2), unit="h")
    one = pd.DataFrame({"observed_at": at, "ingested_at": at + pd.Timedelta("5min")})
    return pd.concat(
        [
            one.assign(shop="north", orders=40, mean_wait=20.0),
            one.assign(shop="south", orders=10, mean_wait=5.0),
        ]
    )


def driver_state() -> pd.DataFrame:
    at = START + pd.to_timedelta(np.arange(0, HOURS, 24), unit="h")
    one = pd.DataFrame({"observed_at": at, "ingested_at": at})
    return pd.concat(
        [one.assign(driver=name, last_delay=delay) for name, delay in (("ann", 1.0), ("bob", 4.0))]
    )


def change(workspace: Workspace, file: str, **changes: Any) -> None:
    """Rewrites keys of a contract below `generated/`; `train__by` style keys reach into objects."""
    path = workspace.root / "generated" / file
    value = json.loads(path.read_text(encoding="utf-8"))
    for key, new in changes.items():
        *parents, last = key.split("__")
        target = value
        for parent in parents:
            target = target[parent]
        target[last] = new
    write(path, value)


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def model() -> dict[str, Any]:
    return {
        "model": "trip_delay",
        "owner": "shops",
        "task": "regression",
        "spec": {"file": "models/trip_delay/model.yaml", "digest": "sha256:5bec"},
        "lock": None,
        "label": {"table": "trips", "column": "delay", "type": "float64"}
        | {"timestamp": "scheduled_at", "horizon_seconds": 7200},
        "entities": ENTITIES,
        "feature_service": "trip_delay",
        "features": [{**f, "input": f"{f['view']}__{f['feature']}", "table": f["view"]} for f in FEATURES],
        "request": [{"name": "distance", "type": "int64"}],
        "inputs": INPUTS,
        "output": {"name": "prediction", "type": "float64"},
        "nullable": [],
        "masks": {},
        "missing_features": "allow",
        "max_missing": None,
        "train": {"file": "models/trip_delay/train.py", "function": "fit", "with": {}}
        | {"window_seconds": None, "holdout_seconds": 10 * 86400, "metric": "rmse", "goal": "minimize"}
        | {"promote_if": {"beats": ["baseline", "champion"], "by": 0.02}},
        "batch": {"entities": "trips", "window_seconds": 86400, "output": "trip_delay_predictions"},
        "log": LOG,
    }


def view(name: str) -> dict[str, Any]:
    return {"view": name, "entities": [name.split("_")[0]], "ttl_seconds": TTL[name], "table": name} | {
        "timestamp": "observed_at",
        "created": "ingested_at",
    }


def spec_digest(workspace: Workspace) -> str:
    return contracts.spec_digest(workspace.model("trip_delay"), [workspace.view(name) for name in TTL])


def tracking() -> dict[str, Any]:
    types = {"float64": "double", "int64": "long"}
    columns = [{**field, "type": types[field["type"]]} for field in INPUTS]
    return {
        "model": "trip_delay",
        "experiment": {"name": "trip_delay", "tags": {"owner": "shops"}},
        "registered_model": {
            "name": "trip_delay",
            "description": "Minutes late.",
            "tags": {"owner": "shops"},
        },
        "aliases": {"champion": "champion", "challenger": "challenger"},
        "signature": {
            "inputs": columns,
            "outputs": [{"name": "prediction", "type": "double", "required": True}],
        },
    }


def serving() -> dict[str, Any]:
    return {
        "model": "trip_delay",
        "description": "Minutes late.",
        "task": "regression",
        "latency_objective_seconds": 0.03,
        "registered_model": "trip_delay",
        "entities": [{**entity, "description": ""} for entity in ENTITIES],
        "request": [
            {"name": "distance", "type": "int64", "description": "Of the trip.", "unit": "km"}
            | {"min": 0, "max": 100, "nullable": False, "mask": None}
        ],
        "features": [
            {
                **f,
                "input": f"{f['view']}__{f['feature']}",
                "mask": None,
                "ttl_seconds": TTL[f["view"]],
                "entities": [f["view"].split("_")[0]],
            }
            for f in FEATURES
        ],
        "inputs": INPUTS,
        "label_timestamp": "scheduled_at",
        "output": {"name": "prediction", "type": "float64"},
        "feature_service": "trip_delay",
        "log": LOG,
        "request_schema": {"type": "object"},
        "response_schema": {"type": "object"},
    }


def endpoint() -> dict[str, Any]:
    return {"model": "trip_delay", "host": "127.0.0.1", "port": 15150, "workers": 1} | {
        "timeout_seconds": 5,
        "missing_features": "allow",
        "max_missing": None,
        "trial": None,
        "rollout": None,
        "proxy": None,
    }


def predictions_table() -> dict[str, Any]:
    columns = {"driver": "string", "shop": "string", "scheduled_at": "timestamp"}
    columns |= {"prediction": "float64", "model_version": "string"}
    return {
        "table": "trip_delay_predictions",
        "timestamp": "scheduled_at",
        "writer": {"pipeline": "trip_delay_score", "step": "score"},
        "columns": [
            {"name": name, "type": kind, "required_by": ["models/trip_delay/model.yaml"]}
            for name, kind in columns.items()
        ],
        "rules": [],
    }
