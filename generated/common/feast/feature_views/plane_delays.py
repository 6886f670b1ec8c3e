# Generated from features/plane_delays.yaml; do not edit.
"""plane_delays: features in the table plane_delays."""

from datetime import timedelta

from data_sources import plane_delays_source
from entities import plane_entity
from feast import FeatureView, Field
from feast.types import Float64, Int64

plane_delays_view = FeatureView(
    name="plane_delays",
    description="What a plane has been through lately, updated at each of its departures.",
    entities=[plane_entity],
    ttl=timedelta(days=7),
    source=plane_delays_source,
    online=True,
    schema=[
        Field(
            name="departures_24h",
            dtype=Int64,
            description="Departures in the last day.",
            tags={"window_seconds": "86400", "min": "0"},
        ),
        Field(
            name="last_delay",
            dtype=Float64,
            description="Departure delay of its latest flight.",
            tags={"unit": "min"},
        ),
        Field(
            name="mean_delay_7d",
            dtype=Float64,
            description="Mean departure delay over the last week.",
            tags={"unit": "min", "window_seconds": "604800"},
        ),
    ],
    owner="ops-analytics",
)
