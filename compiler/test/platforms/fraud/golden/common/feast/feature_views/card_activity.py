# Generated from features/cards/card_activity.yaml; do not edit.
"""card_activity: features in the table card_activity."""

from datetime import timedelta

from data_sources import card_activity_source
from entities import card_entity
from feast import FeatureView, Field
from feast.types import Bool, Float64, Int64

card_activity_view = FeatureView(
    name="card_activity",
    description="What a card has paid lately, as of its latest payment.",
    entities=[card_entity],
    ttl=timedelta(days=3),
    source=card_activity_source,
    online=True,
    schema=[
        Field(
            name="countries_24h",
            dtype=Int64,
            description="Countries of the last day's payments.",
            tags={"window_seconds": "86400", "min": "0"},
        ),
        Field(
            name="last_abroad",
            dtype=Bool,
            description="Whether the latest payment was made abroad.",
        ),
        Field(
            name="payments_10m",
            dtype=Int64,
            description="Payments in the last ten minutes.",
            tags={"window_seconds": "600", "min": "0"},
        ),
        Field(
            name="spent_1h",
            dtype=Float64,
            description="Sum paid in the last hour.",
            tags={"unit": "EUR", "window_seconds": "3600", "min": "0"},
        ),
        Field(
            name="spent_24h",
            dtype=Float64,
            description="Sum paid in the last day.",
            tags={"unit": "EUR", "window_seconds": "86400", "min": "0"},
        ),
    ],
    owner="fraud",
)
