"""Fills embedded stores of a checkout by the tools' own ways (`fill`, `more`), or tells what they hold."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(sys.argv[2])
STATE = ROOT / ".mlops" / "local"
AIRFLOW = STATE / "airflow"
os.environ |= {
    "MLOPS_ROOT": str(ROOT),
    "MLOPS_STATE": str(STATE),
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "AIRFLOW_HOME": str(AIRFLOW),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{AIRFLOW}/airflow.db",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
}
TRACKING = f"sqlite:///{STATE}/mlflow/mlflow.db"
TABLES = ("carrier_delays", "plane_delays")


def value(kind: str, row: int, moment: pd.Timestamp) -> object:
    return {"string": f"k{row}", "int64": row, "float64": row / 8, "bool": row > 3}.get(kind, moment)


def publish(shift: int) -> None:
    from mlops_runtime.environment import Workspace
    from mlops_runtime.tables import warehouse

    workspace = Workspace.open()
    for table in TABLES:
        moment = pd.Timestamp("2026-01-01T00:00:00Z") + pd.Timedelta(hours=shift)
        columns = workspace.table(table).columns
        frame = pd.DataFrame([{c.name: value(c.type, i, moment) for c in columns} for i in range(9)])
        warehouse.publish(workspace, table, frame, "probe")


def register(version: int) -> None:
    from mlflow import MlflowClient

    (STATE / "mlflow").mkdir(exist_ok=True)
    client = MlflowClient(TRACKING)
    for name in ("departure_delay", "cancellation"):
        if version == 1:
            client.create_registered_model(name)
        artifact = STATE / "mlflow" / "artifacts" / "1" / f"{name}-{version}" / "model.skops"
        artifact.parent.mkdir(parents=True)
        artifact.write_bytes(f"{name} {version}".encode() * 1000)
        client.create_model_version(name, f"mlflow-artifacts:/1/{name}-{version}")
        if version == 1:
            client.set_registered_model_alias(name, "champion", "1")
    client.set_registered_model_alias("departure_delay", "champion", str(version))


def fill() -> None:
    publish(0)
    publish(1)
    register(1)
    register(2)
    from airflow.utils import db

    db.initdb()
    (STATE / "feast").mkdir()
    online = sqlite3.connect(STATE / "feast" / "online.db")
    online.execute("PRAGMA journal_mode=WAL")
    online.execute("CREATE TABLE online (key TEXT, value BLOB)")
    online.executemany("INSERT INTO online VALUES (?, ?)", [(f"k{i}", b"v" * 99) for i in range(500)])
    online.commit()


def rows_of(file: Path) -> dict[str, str]:
    with sqlite3.connect(file) as opened:
        names = [name for [name] in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(map(repr, opened.execute(f'SELECT * FROM "{name}"'))) for name in names}
    return {
        name: f"{len(each)} {hashlib.sha256(repr(each).encode()).hexdigest()}" for name, each in found.items()
    }


def tell() -> dict[str, object]:
    from mlflow import MlflowClient

    from mlops_runtime.environment import Workspace
    from mlops_runtime.tables import warehouse

    workspace = Workspace.open()
    client = MlflowClient(TRACKING)
    versions = client.search_model_versions()
    return {
        "databases": {str(each.relative_to(STATE)): rows_of(each) for each in sorted(STATE.rglob("*.db"))},
        "tables": {table: warehouse.read(workspace, table).to_json() for table in TABLES},
        "versions": sorted(f"{each.name} {each.version} {each.source}" for each in versions),
        "aliases": {each.name: each.aliases for each in client.search_registered_models()},
    }


if sys.argv[1] == "fill":
    fill()
elif sys.argv[1] == "more":
    publish(2)
    register(3)
print(json.dumps(tell()))
