"""Kinds of column values, and how a column of one kind becomes another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from mlops_runtime import contracts

Kind = Literal[
    "bool",
    "int",
    "float",
    "decimal",
    "string",
    "binary",
    "timestamp",  # with a time zone
    "time without zone",
    "date",
    "time of day",
    "duration",
    "nested value",
    "missing value",
    # No table holds these:
    "period",
    "interval",
    "complex number",
    "mixture of times",
    "mixture",
    "other",
]
UNSTORED: tuple[Kind, ...] = ("period", "interval", "complex number", "mixture of times", "mixture", "other")

_TESTS: tuple[tuple[Any, Kind], ...] = (
    (pa.types.is_boolean, "bool"),
    (pa.types.is_integer, "int"),
    (pa.types.is_floating, "float"),
    (pa.types.is_decimal, "decimal"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
    (pa.types.is_binary, "binary"),
    (pa.types.is_large_binary, "binary"),
    (pa.types.is_fixed_size_binary, "binary"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time of day"),
    (pa.types.is_duration, "duration"),
    (pa.types.is_null, "missing value"),
)
_NUMBERS: tuple[Kind, ...] = ("int", "float", "decimal")
_AS_FLOAT = "{x}.astype('float64')"
_AS_TEXT = "{x}.map(str, na_action='ignore')"
_AS_BOOL = "{x}.map(bool, na_action='ignore')"
_SECONDS = "(pd.to_datetime({x}, utc=True) - pd.Timestamp(0, tz='UTC')).dt.total_seconds()"
_ZONED = "pd.to_datetime({x}).dt.tz_localize('UTC')"
# Through integers: to_datetime of float seconds sometimes fails on what is stored under a missing value.
_SINCE_1970 = "pd.to_datetime(({x}.astype('float64') * 1e6).round().astype('Int64'), unit='us', utc=True)"
# Kind → what is wanted → an expression. Text can be made of anything.
_MENDS: dict[Kind, dict[str, str]] = {
    "bool": {},
    "int": {"bool": _AS_BOOL, "number": _AS_FLOAT, "timestamp": _SINCE_1970},
    "float": {"bool": _AS_BOOL, "number": _AS_FLOAT, "timestamp": _SINCE_1970},
    "decimal": {"bool": _AS_BOOL, "number": _AS_FLOAT, "timestamp": _SINCE_1970},
    "string": {
        "bool": "{x}.map({{'true': True, 'false': False}})",
        "number": "pd.to_numeric({x})",
        "timestamp": "pd.to_datetime({x}, utc=True)",
    },
    "binary": {
        "number": "pd.to_numeric({x}.str.decode('utf-8'))",
        "string": "{x}.str.decode('utf-8', errors='replace')",
        "timestamp": "pd.to_datetime({x}.str.decode('utf-8'), utc=True)",
    },
    "timestamp": {"number": _SECONDS, "timestamp": "pd.to_datetime({x}, utc=True).dt.floor('us')"},
    "time without zone": {"number": _SECONDS, "timestamp": _ZONED},
    "date": {"number": _SECONDS, "timestamp": _ZONED},
    "time of day": {"number": "{x}.map(lambda time: time.hour, na_action='ignore')"},
    "duration": {"number": "pd.to_timedelta({x}).dt.total_seconds()"},
    "nested value": {"number": "pd.to_numeric({x}.map(len, na_action='ignore'))"},
    "missing value": {},
    "period": {"number": "{x}.dt.year", "timestamp": "{x}.dt.to_timestamp().dt.tz_localize('UTC')"},
    "interval": {"number": "{x}.map(lambda each: each.left, na_action='ignore')"},
    "complex number": {"number": "{x}.map(lambda each: each.real)"},
    "mixture of times": {"number": _SECONDS, "timestamp": "pd.to_datetime({x}, utc=True)"},
    "mixture": {"number": "pd.to_numeric({x}, errors='coerce')"},
    "other": {},
}


def kind_of(found: pa.DataType) -> Kind:
    """The kind of an Arrow type; `other` for one that no table holds."""
    if pa.types.is_timestamp(found):
        return "timestamp" if found.tz else "time without zone"
    if pa.types.is_nested(found):
        inner = [found.field(at).type for at in range(found.num_fields)]
        return "other" if any(kind_of(each) in UNSTORED for each in inner) else "nested value"
    return next((kind for is_it, kind in _TESTS if is_it(found)), "other")


def kind_of_unread(values: pd.Series) -> Kind:
    """The kind of a column that Arrow cannot read."""
    if isinstance(values.dtype, pd.PeriodDtype):
        return "period"
    if isinstance(values.dtype, pd.IntervalDtype):
        return "interval"
    if values.dtype.kind == "c":
        return "complex number"
    found = sorts_of(values)
    if found == {_ZONED_TIME}:
        return "time of day"
    return "mixture of times" if found and found <= {_MOMENT, _LOCAL, _DATE} else "mixture"


_MOMENT, _LOCAL, _DATE = "times with a time zone", "times without one", "dates"
_ZONED_TIME = "times of day with a time zone"


def require_one_sort(values: pd.Series) -> None:
    """Raises `TypeError` for times of several sorts, of which Arrow would take all for the first one's."""
    found = sorted(sorts_of(values))
    if len(found) > 1:
        raise TypeError(f"some of its values are {found[0]}, others {found[1]}")
    if found == [_ZONED_TIME]:
        raise TypeError("a time of day would lose its time zone")


def sorts_of(values: pd.Series) -> set[str]:
    return {_sort_of(value) for value in values.dropna()}


def _sort_of(value: Any) -> str:
    if isinstance(value, datetime):
        return _LOCAL if value.tzinfo is None else _MOMENT
    if isinstance(value, date):
        return _DATE
    if isinstance(value, time):
        return "times of day" if value.tzinfo is None else _ZONED_TIME
    return "durations" if isinstance(value, timedelta) else f"of the type {type(value).__name__}"


def mend(values: pd.Series, kind: Kind, declared: contracts.ScalarType) -> str:
    """What to do about a column of that kind: a phrase, mostly with an expression that converts it."""
    if kind == "int" and declared in ("int32", "int64"):
        return "declare a larger type"
    if kind == "float" and declared == "float32":
        return "declare `float64`"
    wanted = "number" if declared.startswith(("int", "float")) else declared
    expression = _MENDS[kind].get(wanted) or (_AS_TEXT if wanted == "string" else None)
    if expression is None:
        return "declare another type, or leave it out"
    if declared.startswith("int"):
        expression += ".round().astype('Int64')"
    column = f"frame[{values.name!r}]"
    if isinstance(values.dtype, pd.ArrowDtype) and kind not in _NUMBERS:  # pandas lacks their operations
        column += ".astype(object)"
    return f"convert it, for example with `{expression.format(x=column)}`"
