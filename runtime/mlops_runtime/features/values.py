"""Feast's encoding of single values, which both online stores share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.types import Bool, Float32, Float64, Int32, Int64, PrimitiveFeastType, String, UnixTimestamp

from mlops_runtime import contracts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCALAR_TYPES: dict[PrimitiveFeastType, contracts.ScalarType] = {
    Bool: "bool",
    Int32: "int32",
    Int64: "int64",
    Float32: "float32",
    Float64: "float64",
    String: "string",
    UnixTimestamp: "timestamp",
}
_NO_TIME = -(2**63)  # what Feast writes for a missing timestamp beside others
_FIELDS: dict[contracts.ScalarType, str] = {
    "bool": "bool_val",
    "int32": "int32_val",
    "int64": "int64_val",
    "float32": "float_val",
    "float64": "double_val",
    "string": "string_val",
    "timestamp": "unix_timestamp_val",
}
_PYTHON: dict[contracts.ScalarType, Any] = {
    "bool": bool,
    "int32": int,
    "int64": int,
    "float32": float,
    "float64": float,
    "string": str,
}


def encode(kind: contracts.ScalarType, given: Any) -> Value:
    """A missing value (None, NaN, NaT) becomes Feast's empty value."""
    if is_missing(given):
        return Value()
    if kind == "timestamp":
        return Value(unix_timestamp_val=int(whole_seconds(given).timestamp()))
    return Value(**{_FIELDS[kind]: _PYTHON[kind](given)})


def decode(encoded: bytes | None) -> Any:
    """The Python value, a `datetime` in UTC for a timestamp, or None if it is missing."""
    if not encoded:
        return None
    proto = Value.FromString(encoded)
    field = proto.WhichOneof("val")
    if field is None:
        return None
    found = getattr(proto, field)
    if field != _FIELDS["timestamp"]:
        return found
    return None if found == _NO_TIME else EPOCH + timedelta(seconds=found)


def whole_seconds(moment: datetime) -> datetime:
    """The time as Feast keeps it online: in UTC, without its fraction of a second.

    Training must see the same, so historical joins use it too. Before 1970 Feast's conversion rounds up.
    """
    since = utc(moment) - EPOCH
    return EPOCH + timedelta(seconds=int(since / timedelta(seconds=1)))


def is_missing(given: Any) -> bool:
    return given is None or (isinstance(given, float) and math.isnan(given)) or given != given


def entity_key(keys: Sequence[tuple[str, contracts.ScalarType, Any]]) -> EntityKey:
    """The key of (name, type, value), in this order."""
    return EntityKey(
        join_keys=[name for name, _, _ in keys],
        entity_values=[encode(kind, given) for _, kind, given in keys],
    )


def utc(moment: Any) -> datetime:
    moment = moment.to_pydatetime() if hasattr(moment, "to_pydatetime") else moment
    aware: datetime = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware
