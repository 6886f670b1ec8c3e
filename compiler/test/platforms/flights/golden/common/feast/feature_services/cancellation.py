# Generated from models/cancellation/model.yaml; do not edit.
"""The features that the model cancellation is trained on and served with."""

from feast import FeatureService
from feature_views.fleet_history import fleet_history_view

cancellation_service = FeatureService(
    name="cancellation",
    description="Whether a flight will be cancelled.",
    # Feature by feature, so that renaming one fails here and not in the model.
    features=[
        fleet_history_view[
            [
                "cabin_temperature",
                "engine",
                "last_check",
                "leased",
                "load_factor",
                "pilot_note",
                "seats",
            ]
        ],
    ],
    owner="ground-crew",
)
