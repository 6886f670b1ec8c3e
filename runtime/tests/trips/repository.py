"""A made-up team's repository: the files that the compiler would have written for it.

Two entities, two feature views, one model. Written by hand, so that the runtime's tests need neither Node nor
the compiler; the sample's tests run on the compiled output.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from mlops_runtime.environment import Workspace
from trips.feast import FEAST, server_feast

TIME = {"observed_at": "timestamp", "ingested_at": "timestamp"}
TABLES: dict[str, dict[str, Any]] = {
    "trips": {
        "timestamp": "scheduled_at",
        "step": "ingest",
        "columns": {"scheduled_at": "timestamp", "shop": "string", "driver": "string"}
        | {"distance": "int64", "delay": "float64"},
    },
    "shop_load": {
        "timestamp": "observed_at",
        "step": "shops",
        "columns": {"shop": "string", "orders": "int64", "mean_wait": "float64"} | TIME,
    },
    "driver_state": {
        "timestamp": "observed_at",
        "step": "drivers",
        "columns": {"driver": "string", "last_delay": "float64"} | TIME,
    },
    "late_trips": {"timestamp": None, "step": None, "columns": {}},
}


def build(root: Path, variables: dict[str, str] | None = None) -> Workspace:
    """Writes `generated/` below `root` and opens the workspace."""
    _write_json(root / "generated/local/runtime/environment.json", environment())
    _write_json(root / "generated/local/runtime/services.json", {"apis": [], "consumers": [], "monitors": []})
    for name in TABLES:
        _write_json(root / f"generated/common/runtime/tables/{name}.json", table(name))
    _write_feast(root / "generated", FEAST)
    return Workspace.open({"MLOPS_ROOT": str(root), **(variables or {})})


def build_with_servers(root: Path, postgres: int, redis: int, variables: dict[str, str]) -> Workspace:
    """The same workspace in an environment whose PostgreSQL and Redis listen on these ports."""
    build(root)
    host = {"host": "127.0.0.1"}
    servers = {
        "stores": "servers",
        "postgres": host
        | {"port": postgres, "database": "feast", "user": "feast"}
        | {"password_variable": "MLOPS_POSTGRES_PASSWORD"},
        "redis": host
        | {"port": redis, "password_variable": "MLOPS_REDIS_PASSWORD", "key_ttl_seconds": 259200},
    }
    _write_json(root / "generated/local/runtime/environment.json", environment(**servers))
    _write_feast(root / "generated", server_feast(postgres, redis))
    return Workspace.open({"MLOPS_ROOT": str(root), **variables})


def add_pipeline(
    workspace: Workspace,
    steps: dict[str, dict[str, Any]],
    name: str = "trips",
    timezone: str = "UTC",
    starters: tuple[str, ...] = (),
) -> None:
    """Each step states only what differs from a function without arguments."""
    for step in steps.values():
        defaults = {"reads": [], "writes": [], "mode": "replace", "partition": None, "connections": []}
        step.update({key: value for key, value in defaults.items() if key not in step})
    path = workspace.common / "runtime" / "pipelines" / f"{name}.json"
    spec = f"pipelines/{name}/pipeline.yaml"
    contract = {"pipeline": name, "spec": spec, "timezone": timezone, "starters": starters, "steps": steps}
    _write_json(path, contract)


def function_call(
    file: str, function: str, arguments: dict[str, Any] | None = None, lock: str | None = None
) -> dict[str, Any]:
    return {"kind": "function", "file": file, "function": function, "with": arguments or {}, "lock": lock}


def materialize_call(*views: str) -> dict[str, Any]:
    return {"kind": "platform", "uses": "materialize", "with": {"views": list(views)}}


def environment(**changes: Any) -> dict[str, Any]:
    return {
        "environment": "local",
        "project": "trips",
        "stores": "embedded",
        "state": ".mlops/local",
        "warehouse": ".mlops/local/warehouse",
        "feast_repository": "generated/local/feast",
        "aliases": {},
        "mlflow": {"tracking_uri": "http://127.0.0.1:15000"},
        "airflow": {"url": "http://127.0.0.1:15001"},
        "postgres": None,
        "redis": None,
        "kafka": None,
        "monitor": None,
        "elasticsearch": None,
        "secrets": {"provider": "env"},
        "connections": {
            "warehouse": {"settings": {"url": "postgresql://db/trips"}, "secrets": {"password": "warehouse"}}
        },
    } | changes


def table(name: str) -> dict[str, Any]:
    spec = TABLES[name]
    return {
        "table": name,
        "timestamp": spec["timestamp"],
        "writer": spec["step"] and {"pipeline": "trips", "step": spec["step"]},
        "columns": [
            {"name": column, "type": kind, "required_by": [f"features/{name}.yaml"]}
            for column, kind in spec["columns"].items()
        ],
        "rules": [],
    }


def ask(workspace: Workspace, on_failure: str, features: dict[str, dict[str, Any]], **asked: Any) -> None:
    """States rules of the view `shop_load`; of its features those that differ from none."""
    silent = {"min": None, "max": None, "max_missing": None, "personal": False}
    rules = {
        "view": "shop_load",
        "spec": "features/shop_load.yaml",
        "on_failure": on_failure,
        "key": ["shop"],
        "timestamp": "observed_at",
        "created": "ingested_at",
        "window_seconds": 86400,
        "min_rows": None,
        "features": [{"name": name, **silent, **features.get(name, {})} for name in ("orders", "mean_wait")],
    } | asked
    path = workspace.common / "runtime/tables/shop_load.json"
    _write_json(path, table("shop_load") | {"rules": [rules]})


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def _write_feast(generated: Path, files: dict[str, str]) -> None:
    for file, text in files.items():
        path = generated / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
