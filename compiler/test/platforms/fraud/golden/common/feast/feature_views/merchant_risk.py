# Generated from features/merchants/merchant_risk.yaml; do not edit.
"""merchant_risk: features in the table merchant_risk."""

from datetime import timedelta

from data_sources import merchant_risk_source
from entities import merchant_entity
from feast import FeatureView, Field
from feast.types import Float64, String

merchant_risk_view = FeatureView(
    name="merchant_risk",
    description="How often payments to a merchant were charged back.",
    entities=[merchant_entity],
    ttl=timedelta(days=7),
    source=merchant_risk_source,
    online=True,
    schema=[
        Field(
            name="category",
            dtype=String,
            description="Merchant category code.",
        ),
        Field(
            name="chargeback_share_90d",
            dtype=Float64,
            description="Share of payments charged back in 90 days.",
            tags={"window_seconds": "7776000", "min": "0", "max": "1"},
        ),
    ],
    owner="merchants",
)
