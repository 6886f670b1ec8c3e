"""From a column of a data frame to an Arrow array: exact conversions are made, others are refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mlops_runtime import contracts
from mlops_runtime.tables.kinds import UNSTORED, Kind, kind_of, kind_of_unread, mend, require_one_sort

ARROW_TYPES: dict[contracts.ScalarType, pa.DataType] = {
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
# From which kinds of values a declared type can be made; each single value is checked.
_SOURCES: dict[contracts.ScalarType, tuple[Kind, ...]] = {
    "bool": ("bool", "int", "float", "decimal"),
    "int32": ("bool", "int", "float", "decimal"),
    "int64": ("bool", "int", "float", "decimal"),
    "float32": ("bool", "int", "float", "decimal"),
    "float64": ("bool", "int", "float", "decimal"),
    "string": ("string", "binary"),
    "timestamp": ("timestamp",),
}
# In microseconds since 1970; pandas counts nanoseconds in 64 bits.
_FIRST, _LAST = pd.Timestamp("1678-01-01").value // 1000, pd.Timestamp("2262-01-01").value // 1000 - 1
_FAILURES = (pa.ArrowException, TypeError, ValueError, OverflowError)


class Unfit(Exception):
    """A column that cannot be stored: what it is, why not, and an expression that converts it."""

    def __init__(self, found: str, reason: str, mended: str) -> None:
        super().__init__(reason)
        self.found, self.reason, self.mended = found, reason, mended


def as_declared(values: pd.Series, declared: contracts.ScalarType) -> pa.Array:
    """The values as the declared type. Raises `Unfit` unless each of them has an equal there."""
    if values.isna().all():  # an empty or all-missing column has whatever type pandas gave it
        return pa.nulls(len(values), ARROW_TYPES[declared])
    array = _plain(values, declared)
    kind = kind_of(array.type)
    try:
        if kind not in _SOURCES[declared]:
            raise ValueError(f"{_article(kind)} is not a {declared}")
        return _storable(_cast(array, kind, declared))
    except _FAILURES as error:
        raise Unfit(_found(values, array), _first_line(error), mend(values, kind, declared)) from None


def as_found(values: pd.Series) -> pa.Array:
    """The values with the type that they have. Raises `Unfit` for a type that no table can hold."""
    array = _plain(values, "string")
    kind = kind_of(array.type)
    if kind in UNSTORED:
        raise Unfit(_found(values, array), "no table holds that type", mend(values, kind, "string"))
    try:
        return _storable(
            array.cast(pa.timestamp("us", tz=array.type.tz and "UTC")) if _is_timestamp(array) else array
        )
    except _FAILURES as error:
        mended = mend(values, kind, "timestamp" if _is_timestamp(array) else "string")
        raise Unfit(_found(values, array), _first_line(error), mended) from None


def _plain(values: pd.Series, wanted: contracts.ScalarType) -> pa.Array:
    """Without categories, sparse and other encodings of the same values."""
    if isinstance(values.dtype, pd.SparseDtype):
        values = pd.Series(values.array.to_dense(), values.index, name=values.name)
    try:
        if isinstance(values.dtype, pd.PeriodDtype | pd.IntervalDtype):
            raise TypeError("no table holds that type")
        array = pa.Array.from_pandas(values)
        if values.dtype == object and pa.types.is_temporal(array.type):
            require_one_sort(values)
        return _decoded(array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array)
    except _FAILURES as error:
        mended = mend(values, kind_of_unread(values), wanted)
        raise Unfit(_found(values, None), _first_line(error), mended) from None


def _decoded(array: pa.Array) -> pa.Array:
    found = array.type
    if pa.types.is_dictionary(found):
        return _decoded(array.dictionary_decode())
    if pa.types.is_run_end_encoded(found):
        return _decoded(pc.run_end_decode(array))
    if found == pa.uuid():
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_float16(found):
        return array.cast(pa.float32())
    if pa.types.is_string_view(found):
        return array.cast(pa.string())
    if pa.types.is_binary_view(found):
        return array.cast(pa.binary())
    if pa.types.is_decimal32(found) or pa.types.is_decimal64(found):
        return array.cast(pa.decimal128(found.precision, found.scale))
    return array


def _cast(array: pa.Array, kind: Kind, declared: contracts.ScalarType) -> pa.Array:
    if declared == "bool" and kind != "bool":
        return _truths(array)
    if kind == "decimal" and declared in ("float32", "float64"):
        array = pa.array([_as_float(value) for value in array.to_pylist()], pa.float64())
    cast = array.cast(ARROW_TYPES[declared])
    if declared == "float32" and pc.sum(pc.is_inf(cast)) != pc.sum(pc.is_inf(array.cast(pa.float64()))):
        raise ValueError("a value is too large")
    return cast


def _storable(array: pa.Array) -> pa.Array:
    """The array. Raises `ValueError` for a value that one of the stores cannot hold."""
    if pa.types.is_timestamp(array.type) and array.null_count < len(array):
        found = pc.min_max(array.cast(pa.int64())).as_py()
        if found["min"] < _FIRST or found["max"] > _LAST:
            raise ValueError("a time lies outside of the years 1678 to 2261, beyond which pandas has none")
    if pa.types.is_string(array.type) and pc.any(pc.match_substring(array, "\0")).as_py():
        raise ValueError("a text has a zero byte, which PostgreSQL cannot store")
    return array


def _truths(array: pa.Array) -> pa.Array:
    values = array.to_pylist()
    if any(value not in (0, 1, None) for value in values):
        raise ValueError("not every value is true or false")  # Arrow would convert 0.3 to true
    return pa.array([None if value is None else bool(value) for value in values], pa.bool_())


def _as_float(value: Decimal | None) -> float | None:
    if value is not None and Decimal(float(value)) != value:
        raise ValueError(f"{value} has no equal among binary numbers")
    return None if value is None else float(value)


def _is_timestamp(array: pa.Array) -> bool:
    return bool(pa.types.is_timestamp(array.type))


def _found(values: pd.Series, array: Any) -> str:
    """The column's type; that of its values where pandas says `object`."""
    if values.dtype != object or array is None:
        return str(values.dtype)
    return f"object ({array.type})"


def _article(kind: Kind) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
