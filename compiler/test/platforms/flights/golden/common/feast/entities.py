# Generated from features/; do not edit.
"""The things that features are about."""

from feast import Entity, ValueType

carrier_entity = Entity(
    name="carrier",
    description="An airline, by its two-character IATA code.",
    join_keys=["carrier"],
    value_type=ValueType.STRING,
    owner="ops-analytics",
)

plane_entity = Entity(
    name="plane",
    description="An aircraft, by its tail number.",
    join_keys=["tail_number"],
    value_type=ValueType.STRING,
    owner="ops-analytics",
    tags={"source": "faa"},
)
