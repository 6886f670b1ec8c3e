# Generated from platform.yaml; do not edit.
# ruff: noqa: E402, F401
"""What Feast finds in this folder: the definitions in common/, with this folder's sources."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "common" / "feast")]

from data_sources import (
    airport_delays_source,
    airport_weather_source,
    carrier_delays_source,
    plane_delays_source,
)
from entities import airport_entity, carrier_entity, plane_entity
from feature_services.departure_delay import departure_delay_service
from feature_views.airport_delays import airport_delays_view
from feature_views.airport_weather import airport_weather_view
from feature_views.carrier_delays import carrier_delays_view
from feature_views.plane_delays import plane_delays_view
