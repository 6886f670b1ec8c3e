"""The real app over a real Feast and MLflow, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from fastapi.testclient import TestClient

from mlops_runtime import features
from mlops_runtime.environment import Workspace
from mlops_runtime.serving.app import create_app

PREDICT = "/v1/models/trip_delay:predict"
GOLDEN = "/v1/models/trip_delay:golden"
INSTANCE = {"driver": "ann", "shop": "north", "distance": 10}
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 300


@contextmanager
def client(workspace: Workspace, ready: bool = True) -> Iterator[TestClient]:
    with TestClient(create_app(workspace, "trip_delay", POLL_SECONDS)) as opened:
        if ready:
            wait_until(lambda: opened.get("/readyz").status_code == 200)
        yield opened


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def predict(opened: TestClient, *instances: Any) -> Any:
    return opened.post(PREDICT, json={"instances": list(instances) or [INSTANCE]})


def put_online(workspace: Workspace, age: str = "1min", mean_wait: float = 20.0) -> None:
    """Writes features of the driver ann and the shop north that were observed that long ago."""
    at = pd.Timestamp.now(tz="UTC") - pd.Timedelta(age)
    times = {"observed_at": [at], "ingested_at": [at]}
    store = features.open_store(workspace)
    shop = pd.DataFrame({"shop": ["north"], "orders": [40], "mean_wait": [mean_wait], **times})
    store.write_to_online_store("shop_load", shop)
    driver = pd.DataFrame({"driver": ["ann"], "last_delay": [3.0], **times})
    store.write_to_online_store("driver_state", driver)
