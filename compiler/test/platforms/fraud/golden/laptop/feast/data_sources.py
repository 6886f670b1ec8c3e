# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as the current snapshots in its warehouse."""

from pathlib import Path

from feast import FileSource

# The same of every release: its `.mlops` leads to the environment's state.
WAREHOUSE = (Path(__file__).resolve().parents[3] / ".mlops" / "laptop" / "warehouse").resolve()

card_activity_source = FileSource(
    name="card_activity",
    path=str(WAREHOUSE / "card_activity.parquet"),
    timestamp_field="paid_at",
    created_timestamp_column="booked_at",
)

card_profiles_source = FileSource(
    name="card_profiles",
    path=str(WAREHOUSE / "card_profiles.parquet"),
    timestamp_field="valid_from",
    created_timestamp_column="loaded_at",
)

merchant_risk_source = FileSource(
    name="merchant_risk",
    path=str(WAREHOUSE / "merchant_risk.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="loaded_at",
)

merchant_sales_source = FileSource(
    name="merchant_sales",
    path=str(WAREHOUSE / "merchant_sales.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="loaded_at",
)
