# Generated from features/airport_delays.yaml; do not edit.
"""airport_delays: features in the table airport_delays."""

from datetime import timedelta

from data_sources import airport_delays_source
from entities import airport_entity
from feast import FeatureView, Field
from feast.types import Float64, Int64

airport_delays_view = FeatureView(
    name="airport_delays",
    description="How departures from an airport have gone lately, hour by hour.",
    entities=[airport_entity],
    ttl=timedelta(days=1),
    source=airport_delays_source,
    online=True,
    schema=[
        Field(
            name="departures_3h",
            dtype=Int64,
            description="Departures in the last three hours.",
            tags={"window_seconds": "10800", "min": "0"},
        ),
        Field(
            name="late_share_3h",
            dtype=Float64,
            description="Share of departures over 15 minutes late.",
            tags={"window_seconds": "10800", "min": "0", "max": "1"},
        ),
        Field(
            name="mean_delay_3h",
            dtype=Float64,
            description="Mean departure delay over the last three hours.",
            tags={"unit": "min", "window_seconds": "10800"},
        ),
    ],
    owner="ops-analytics",
)
