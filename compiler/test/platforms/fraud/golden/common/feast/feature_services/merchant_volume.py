# Generated from models/merchant_volume/model.yaml; do not edit.
"""The features that the model merchant_volume is trained on and served with."""

from feast import FeatureService
from feature_views.merchant_risk import merchant_risk_view
from feature_views.merchant_sales import merchant_sales_view

merchant_volume_service = FeatureService(
    name="merchant_volume",
    description="What a merchant will take on a day, told a day ahead.",
    # Feature by feature, so that renaming one fails here and not in the model.
    features=[merchant_sales_view[["taken_7d", "cards_7d"]], merchant_risk_view[["category"]]],
    owner="merchants",
    tags={"deprecated_until": "2098-12-31", "deprecated_use": "card_fraud"},
)
