# Generated from models/departure_delay/model.yaml; do not edit.
"""The features that the model departure_delay is trained on and served with."""

from feast import FeatureService
from feature_views.carrier_delays import carrier_delays_view
from feature_views.plane_delays import plane_delays_view

departure_delay_service = FeatureService(
    name="departure_delay",
    description=(
        "Departure delay of a flight in minutes, predicted two hours before it is due to leave."
    ),
    # Feature by feature, so that renaming one fails here and not in the model.
    features=[
        carrier_delays_view[["departures_6h", "mean_delay_6h"]],
        plane_delays_view[["last_delay"]],
    ],
    owner="ops-analytics",
    tags={"tier": "gold"},
)
