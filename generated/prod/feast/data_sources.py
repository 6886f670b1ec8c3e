# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as PostgreSQL views of what was published last."""

from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import (
    PostgreSQLSource,
)

airport_delays_source = PostgreSQLSource(
    name="airport_delays",
    table="public.airport_delays",
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

airport_weather_source = PostgreSQLSource(
    name="airport_weather",
    table="public.airport_weather",
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

carrier_delays_source = PostgreSQLSource(
    name="carrier_delays",
    table="public.carrier_delays",
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

plane_delays_source = PostgreSQLSource(
    name="plane_delays",
    table="public.plane_delays",
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)
