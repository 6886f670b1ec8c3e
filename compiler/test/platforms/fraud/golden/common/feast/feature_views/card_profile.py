# Generated from features/cards/card_profile.yaml; do not edit.
"""card_profile: features in the table card_profiles."""

from datetime import timedelta

from data_sources import card_profiles_source
from entities import card_entity
from feast import FeatureView, Field
from feast.types import Bool, Float32, Float64

card_profile_view = FeatureView(
    name="card_profile",
    description="What is known of a card for longer.",
    entities=[card_entity],
    ttl=timedelta(days=30),
    source=card_profiles_source,
    online=True,
    schema=[
        Field(
            name="age",
            dtype=Float32,
            description="Days since the card was issued.",
            tags={"unit": "day", "min": "0"},
        ),
        Field(
            name="chip",
            dtype=Bool,
            description="Whether it has a chip.",
        ),
        Field(
            name="credit_limit",
            dtype=Float64,
            description="Limit of the card's account.",
            tags={"unit": "EUR", "min": "0"},
        ),
    ],
    owner="fraud",
)
