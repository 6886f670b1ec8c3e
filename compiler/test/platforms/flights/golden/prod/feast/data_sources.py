# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as PostgreSQL views of what was published last."""

from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import (
    PostgreSQLSource,
)

carrier_delays_source = PostgreSQLSource(
    name="carrier_delays",
    table="public.carrier_delays",
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

fleet_source = PostgreSQLSource(
    name="fleet",
    table="public.fleet",
    timestamp_field="checked_at",
    created_timestamp_column="loaded_at",
)

plane_delays_source = PostgreSQLSource(
    name="plane_delays",
    table="public.plane_delays",
    timestamp_field="observed_at",
)
