"""Fills the stores of a checkout with servers (`fill`, `more`), or tells what they hold."""

from __future__ import annotations

import hashlib
import json
import os
import sys

import pandas as pd
from mlflow import MlflowClient
from psycopg import sql

from mlops_runtime import features
from mlops_runtime.environment import Workspace
from mlops_runtime.live import sides
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import connect
from mlops_runtime.tables import warehouse

WORKSPACE = Workspace.open()
TABLES = ("carrier_delays", "plane_delays")
VIEWS = TABLES
SERVER = postgres.address(WORKSPACE)
PASSWORD = os.environ["MLOPS_POSTGRES_PASSWORD"]
TRACKING = f"postgresql+psycopg2://mlflow:{PASSWORD}@{SERVER.host}:{SERVER.port}/mlflow"

_RELATIONS = """
    SELECT c.relname, c.relkind::text, pg_get_userbyid(c.relowner), obj_description(c.oid),
        CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'S', 'i') ORDER BY 1
"""


def value(kind: str, row: int, moment: pd.Timestamp) -> object:
    return {"string": f"k{row}", "int64": row, "float64": row / 8, "bool": row > 3}.get(kind, moment)


def publish(table: str, hours: int) -> None:
    moment = pd.Timestamp("2026-01-01T00:00:00Z") + pd.Timedelta(hours=hours)
    columns = WORKSPACE.table(table).columns
    frame = pd.DataFrame([{c.name: value(c.type, i, moment) for c in columns} for i in range(200)])
    warehouse.publish(WORKSPACE, table, frame, "probe")


def register(version: int) -> None:
    client = MlflowClient(TRACKING)
    if version == 1:
        client.create_registered_model("departure_delay")
    artifact = WORKSPACE.state / "mlflow" / "artifacts" / "1" / str(version) / "model.skops"
    artifact.parent.mkdir(parents=True)
    artifact.write_bytes(f"model {version}".encode() * 1000)
    client.create_model_version("departure_delay", f"mlflow-artifacts:/1/{version}")
    client.set_registered_model_alias("departure_delay", "champion", str(version))


def fill() -> None:
    sides.bring(WORKSPACE, "feast")
    for table in TABLES:
        publish(table, 0)
        publish(table, 1)
    features.materialize(WORKSPACE, VIEWS)
    register(1)
    register(2)
    with _database("airflow") as connection:  # its own migrations take half a minute
        connection.execute(
            "CREATE TABLE dag_run (id serial PRIMARY KEY, conf jsonb, at timestamptz, key bytea)"
        )
        insert = "INSERT INTO dag_run (conf, at, key) VALUES (%s, now(), %s)"
        for number in range(500):
            connection.execute(insert, [json.dumps({"n": number, "text": "'\"é\\"}), b"\0\xff"])


def _database(name: str) -> postgres.Connection:
    return postgres.connect_as(SERVER, name, PASSWORD, name, autocommit=False)


def held_by(name: str) -> dict[str, object]:
    found: dict[str, object] = {}
    with _database(name) as connection:
        for relation, kind, *rest in connection.execute(_RELATIONS).fetchall():
            rows = ""
            if kind in "rvS":
                columns = sql.SQL("last_value, is_called" if kind == "S" else "*")
                query = sql.SQL("SELECT t::text FROM (SELECT {} FROM {}) t ORDER BY 1")
                found_rows = connection.execute(query.format(columns, sql.Identifier(relation)))
                lines = [line for [line] in found_rows]
                rows = f"{len(lines)} {hashlib.sha256(repr(lines).encode()).hexdigest()}"
            found[relation] = [kind, *rest, rows]
    return found


def online() -> dict[str, object]:
    client = connect(WORKSPACE)
    return {
        key.hex(): sorted((k.hex(), v.hex()) for k, v in client.hgetall(key).items())
        for key in client.scan_iter()
    }


def tell() -> dict[str, object]:
    return {
        "databases": {name: held_by(name) for name in ("airflow", "mlflow", "feast")},
        "tables": {table: warehouse.read(WORKSPACE, table).to_json() for table in TABLES},
        "aliases": {each.name: each.aliases for each in MlflowClient(TRACKING).search_registered_models()},
        "online": online(),
    }


if sys.argv[1] == "fill":
    fill()
elif sys.argv[1] == "more":
    publish("carrier_delays", 2)
    features.materialize(WORKSPACE, VIEWS)
    register(3)
print(json.dumps(tell()))
