# Generated from features/fleet_history.yaml; do not edit.
"""fleet_history: features in the table fleet."""

from datetime import timedelta

from data_sources import fleet_source
from entities import carrier_entity, plane_entity
from feast import FeatureView, Field
from feast.types import Bool, Float32, Float64, Int32, String, UnixTimestamp

fleet_history_view = FeatureView(
    name="fleet_history",
    description=(
        "What a carrier has had with a plane: \"A\" & 'B' checks, $5 {{ fees }}, C:\\logs # not a "
        "comment, 7 °C, 50 %."
    ),
    entities=[carrier_entity, plane_entity],
    ttl=timedelta(days=30),
    source=fleet_source,
    online=False,
    schema=[
        Field(
            name="cabin_temperature",
            dtype=Float64,
            tags={"unit": "°C", "min": "-10.5"},
        ),
        Field(
            name="engine",
            dtype=String,
            description='Maker and type, as "CFM 56-7B".',
        ),
        Field(
            name="last_check",
            dtype=UnixTimestamp,
        ),
        Field(
            name="leased",
            dtype=Bool,
            description="Whether it belongs to somebody else.",
        ),
        Field(
            name="load_factor",
            dtype=Float32,
            tags={"unit": "%", "min": "0", "max": "100"},
        ),
        Field(
            name="pilot_note",
            dtype=String,
        ),
        Field(
            name="seats",
            dtype=Int32,
            tags={"min": "1", "max": "900"},
        ),
    ],
    owner="ground-crew",
)
