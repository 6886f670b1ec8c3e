"""Looks at PostgreSQL and Redis from outside, for the chapter on the stores: prints one JSON object.

stores_probe.py kept         how Redis keeps what it holds, and how long its keys live
stores_probe.py online       every field that is online, with a digest of its value
stores_probe.py empty        removes everything from Redis
stores_probe.py databases    how many rows Feast's registry, MLflow and Airflow have in PostgreSQL
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any

import psycopg

from mlops_runtime.environment import Workspace
from mlops_runtime.stores import postgres
from mlops_runtime.stores.redis import address, connect

TABLES = {
    "feast": ["feature_views", "entities", "feature_services"],
    "mlflow": ["experiments", "runs", "model_versions"],
    "airflow": ["dag", "dag_run", "task_instance"],
}


def kept(workspace: Workspace) -> dict[str, Any]:
    client = connect(workspace)
    lives = [client.ttl(key) for key in client.scan_iter(count=1000)]
    return {
        "settings": {
            name: client.config_get(name)[name] for name in ("appendonly", "appendfsync", "maxmemory-policy")
        },
        "stated": address(workspace).key_ttl_seconds,
        "keys": len(lives),
        "shortest": min(lives, default=0),
        "longest": max(lives, default=0),
    }


def online(workspace: Workspace) -> dict[str, Any]:
    client = connect(workspace)
    return {
        f"{key.hex()} {field.hex()}": hashlib.sha256(value).hexdigest()[:16]
        for key in client.scan_iter(count=1000)
        for field, value in client.hgetall(key).items()
    }


def empty(workspace: Workspace) -> dict[str, Any]:
    client = connect(workspace)
    client.flushall()
    return {"keys": client.dbsize()}


def databases(workspace: Workspace) -> dict[str, Any]:
    server = postgres.address(workspace)
    password = workspace.password(server.password_variable)
    found: dict[str, Any] = {}
    for database, tables in TABLES.items():
        with psycopg.connect(
            host=server.host, port=server.port, dbname=database, user=database, password=password
        ) as connection:
            for table in tables:
                row = connection.execute(f'SELECT count(*) FROM "{table}"'.encode()).fetchone()
                assert row
                found[f"{database}.{table}"] = row[0]
    return found


COMMANDS = {"kept": kept, "online": online, "empty": empty, "databases": databases}

if __name__ == "__main__":
    print(json.dumps(COMMANDS[sys.argv[1]](Workspace.open(os.environ))))
