# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as the current snapshots in its warehouse."""

from pathlib import Path

from feast import FileSource

# The same of every release: its `.mlops` leads to the environment's state.
WAREHOUSE = (Path(__file__).resolve().parents[3] / ".mlops" / "local" / "warehouse").resolve()

carrier_delays_source = FileSource(
    name="carrier_delays",
    path=str(WAREHOUSE / "carrier_delays.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

fleet_source = FileSource(
    name="fleet",
    path=str(WAREHOUSE / "fleet.parquet"),
    timestamp_field="checked_at",
    created_timestamp_column="loaded_at",
)

plane_delays_source = FileSource(
    name="plane_delays",
    path=str(WAREHOUSE / "plane_delays.parquet"),
    timestamp_field="observed_at",
)
