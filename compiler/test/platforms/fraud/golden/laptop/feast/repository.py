# Generated from platform.yaml; do not edit.
# ruff: noqa: E402, F401
"""What Feast finds in this folder: the definitions in common/, with this folder's sources."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "common" / "feast")]

from data_sources import (
    card_activity_source,
    card_profiles_source,
    merchant_risk_source,
    merchant_sales_source,
)
from entities import card_entity, merchant_entity
from feature_services.card_fraud import card_fraud_service
from feature_services.merchant_volume import merchant_volume_service
from feature_views.card_activity import card_activity_view
from feature_views.card_profile import card_profile_view
from feature_views.merchant_risk import merchant_risk_view
from feature_views.merchant_sales import merchant_sales_view
