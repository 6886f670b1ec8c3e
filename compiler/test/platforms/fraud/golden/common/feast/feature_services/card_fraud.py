# Generated from models/card_fraud/model.yaml; do not edit.
"""The features that the model card_fraud is trained on and served with."""

from feast import FeatureService
from feature_views.card_activity import card_activity_view
from feature_views.card_profile import card_profile_view
from feature_views.merchant_risk import merchant_risk_view

card_fraud_service = FeatureService(
    name="card_fraud",
    description="Whether a payment is a fraud, told while it waits for its answer.",
    # Feature by feature, so that renaming one fails here and not in the model.
    features=[
        card_activity_view[
            ["countries_24h", "last_abroad", "payments_10m", "spent_1h", "spent_24h"]
        ],
        card_profile_view[["age", "credit_limit", "chip"]],
        merchant_risk_view[["chargeback_share_90d"]],
    ],
    owner="fraud",
)
