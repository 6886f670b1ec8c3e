# Generated from platform.yaml; do not edit.
"""Where this environment keeps the tables: as the current snapshots in its warehouse."""

from pathlib import Path

from feast import FileSource

# The same of every release: its `.mlops` leads to the environment's state.
WAREHOUSE = (Path(__file__).resolve().parents[3] / ".mlops" / "local" / "warehouse").resolve()

airport_delays_source = FileSource(
    name="airport_delays",
    path=str(WAREHOUSE / "airport_delays.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

airport_weather_source = FileSource(
    name="airport_weather",
    path=str(WAREHOUSE / "airport_weather.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

carrier_delays_source = FileSource(
    name="carrier_delays",
    path=str(WAREHOUSE / "carrier_delays.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)

plane_delays_source = FileSource(
    name="plane_delays",
    path=str(WAREHOUSE / "plane_delays.parquet"),
    timestamp_field="observed_at",
    created_timestamp_column="ingested_at",
)
