# Generated from features/; do not edit.
"""The things that features are about."""

from feast import Entity, ValueType

card_entity = Entity(
    name="card",
    description="A payment card, by its number's token.",
    join_keys=["card"],
    value_type=ValueType.INT64,
    owner="fraud",
)

merchant_entity = Entity(
    name="merchant",
    description="Who is paid.",
    join_keys=["merchant_id"],
    value_type=ValueType.STRING,
    owner="merchants",
)
