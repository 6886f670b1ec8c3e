"""Builds a small workspace by hand: the files that the compiler would have written for one team.

Two entities, two feature views, one model. It is the runtime's own fixture, so that its tests
need neither Node nor the compiler; the sample's tests run on what the compiler wrote.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from mlops_runtime.environment import Workspace

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


def add_pipeline(workspace: Workspace, steps: dict[str, dict[str, Any]], name: str = "trips") -> None:
    """Each step states only what differs from a function without arguments."""
    for step in steps.values():
        defaults = {"reads": [], "writes": [], "mode": "replace", "partition": None, "connections": []}
        step.update({key: value for key, value in defaults.items() if key not in step})
    path = workspace.common / "runtime" / "pipelines" / f"{name}.json"
    _write_json(path, {"pipeline": name, "spec": f"pipelines/{name}/pipeline.yaml", "steps": steps})


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
    }


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def _write_feast(generated: Path, files: dict[str, str]) -> None:
    for file, text in files.items():
        path = generated / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")


FEAST = {
    "local/feast/feature_store.yaml": """
        project: trips
        provider: local
        registry:
          registry_type: sql
          path: sqlite:///../../../.mlops/local/feast/registry.db
          cache_ttl_seconds: 60
          serve_features_while_materializing: true
        offline_store:
          type: duckdb
        online_store:
          type: sqlite
          path: ../../../.mlops/local/feast/online.db
        entity_key_serialization_version: 3
        """,
    "local/feast/data_sources.py": """
        from pathlib import Path

        from feast import FileSource

        WAREHOUSE = Path(__file__).resolve().parents[3] / ".mlops" / "local" / "warehouse"

        shop_load_source = FileSource(
            name="shop_load",
            path=str(WAREHOUSE / "shop_load.parquet"),
            timestamp_field="observed_at",
            created_timestamp_column="ingested_at",
        )

        driver_state_source = FileSource(
            name="driver_state",
            path=str(WAREHOUSE / "driver_state.parquet"),
            timestamp_field="observed_at",
            created_timestamp_column="ingested_at",
        )
        """,
    "local/feast/repository.py": """
        import sys
        from pathlib import Path

        sys.path.append(str(Path(__file__).resolve().parents[2] / "common" / "feast"))

        from entities import driver, shop  # noqa: E402, F401
        from feature_services.trip_delay import trip_delay  # noqa: E402, F401
        from feature_views.driver_state import driver_state  # noqa: E402, F401
        from feature_views.shop_load import shop_load  # noqa: E402, F401
        """,
    "common/feast/entities.py": """
        from feast import Entity, ValueType

        shop = Entity(name="shop", join_keys=["shop"], value_type=ValueType.STRING)
        driver = Entity(name="driver", join_keys=["driver"], value_type=ValueType.STRING)
        """,
    "common/feast/feature_views/shop_load.py": """
        from datetime import timedelta

        from data_sources import shop_load_source
        from entities import shop
        from feast import FeatureView, Field
        from feast.types import Float64, Int64, String

        shop_load = FeatureView(
            name="shop_load",
            entities=[shop],
            ttl=timedelta(hours=6),
            schema=[
                Field(name="shop", dtype=String),
                Field(name="orders", dtype=Int64),
                Field(name="mean_wait", dtype=Float64),
            ],
            source=shop_load_source,
            online=True,
        )
        """,
    "common/feast/feature_views/driver_state.py": """
        from datetime import timedelta

        from data_sources import driver_state_source
        from entities import driver
        from feast import FeatureView, Field
        from feast.types import Float64, String

        driver_state = FeatureView(
            name="driver_state",
            entities=[driver],
            ttl=timedelta(days=2),
            schema=[Field(name="driver", dtype=String), Field(name="last_delay", dtype=Float64)],
            source=driver_state_source,
            online=True,
        )
        """,
    "common/feast/feature_services/trip_delay.py": """
        from feast import FeatureService
        from feature_views.driver_state import driver_state
        from feature_views.shop_load import shop_load

        trip_delay = FeatureService(
            name="trip_delay",
            features=[shop_load[["orders", "mean_wait"]], driver_state[["last_delay"]]],
        )
        """,
}


def server_feast(postgres: int, redis: int) -> dict[str, str]:
    """The half of the Feast repository that differs with servers."""
    source = """
        {table}_source = PostgreSQLSource(
            name="{table}",
            table="public.{table}",
            timestamp_field="observed_at",
            created_timestamp_column="ingested_at",
        )
        """
    sources = "".join(source.format(table=table) for table in ("shop_load", "driver_state"))
    return {
        "local/feast/feature_store.yaml": f"""
        project: trips
        provider: local
        registry:
          registry_type: sql
          path: postgresql+psycopg://feast:${{MLOPS_POSTGRES_PASSWORD}}@127.0.0.1:{postgres}/feast
          cache_ttl_seconds: 60
          serve_features_while_materializing: true
        offline_store:
          type: postgres
          host: 127.0.0.1
          port: {postgres}
          database: feast
          db_schema: public
          user: feast
          password: ${{MLOPS_POSTGRES_PASSWORD}}
          sslmode: disable
        online_store:
          type: redis
          connection_string: 127.0.0.1:{redis},password=${{MLOPS_REDIS_PASSWORD}}
          key_ttl_seconds: 259200
        entity_key_serialization_version: 3
        """,
        "local/feast/data_sources.py": f"""
        from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import PostgreSQLSource
        {sources}""",
    }
