# Generated from features/carrier_delays.yaml; do not edit.
"""carrier_delays: features in the table carrier_delays."""

from datetime import timedelta

from data_sources import carrier_delays_source
from entities import carrier_entity
from feast import FeatureView, Field
from feast.types import Float64, Int64

carrier_delays_view = FeatureView(
    name="carrier_delays",
    description="How a carrier's departures have gone lately, hour by hour.",
    entities=[carrier_entity],
    ttl=timedelta(days=1),
    source=carrier_delays_source,
    online=True,
    schema=[
        Field(
            name="departures_6h",
            dtype=Int64,
            description="Departures in the last six hours.",
            tags={"window_seconds": "21600", "min": "0"},
        ),
        Field(
            name="mean_delay_6h",
            dtype=Float64,
            description="Mean departure delay over the last six hours.",
            tags={"unit": "min", "window_seconds": "21600"},
        ),
    ],
    owner="ops-analytics",
)
