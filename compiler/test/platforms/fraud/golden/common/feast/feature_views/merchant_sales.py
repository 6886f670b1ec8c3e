# Generated from features/merchants/merchant_sales.yaml; do not edit.
"""merchant_sales: features in the table merchant_sales."""

from datetime import timedelta

from data_sources import merchant_sales_source
from entities import merchant_entity
from feast import FeatureView, Field
from feast.types import Float64, Int64

merchant_sales_view = FeatureView(
    name="merchant_sales",
    description="What a merchant has taken by card.",
    entities=[merchant_entity],
    ttl=timedelta(days=7),
    source=merchant_sales_source,
    online=True,
    schema=[
        Field(
            name="cards_7d",
            dtype=Int64,
            description="Different cards of the last week.",
            tags={
                "window_seconds": "604800",
                "min": "0",
                "deprecated_until": "2099-01-31",
                "deprecated_use": "card_activity.payments_10m",
            },
        ),
        Field(
            name="taken_7d",
            dtype=Float64,
            description="Sum taken in the last week.",
            tags={"unit": "EUR", "window_seconds": "604800", "min": "0"},
        ),
    ],
    owner="merchants",
    tags={"deprecated_until": "2099-06-30", "deprecated_use": "merchant_risk"},
)
