# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as PostgreSQL views of what was published last."""

from feast.infra.offline_stores.contrib.postgres_offline_store.postgres_source import (
    PostgreSQLSource,
)

card_activity_source = PostgreSQLSource(
    name="card_activity",
    table="public.card_activity",
    timestamp_field="paid_at",
    created_timestamp_column="booked_at",
)

card_profiles_source = PostgreSQLSource(
    name="card_profiles",
    table="public.card_profiles",
    timestamp_field="valid_from",
    created_timestamp_column="loaded_at",
)

merchant_risk_source = PostgreSQLSource(
    name="merchant_risk",
    table="public.merchant_risk",
    timestamp_field="observed_at",
    created_timestamp_column="loaded_at",
)

merchant_sales_source = PostgreSQLSource(
    name="merchant_sales",
    table="public.merchant_sales",
    timestamp_field="observed_at",
    created_timestamp_column="loaded_at",
)
