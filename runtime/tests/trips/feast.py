"""The made-up team's Feast repository, as the compiler would have written it."""

from __future__ import annotations

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
