"""From a value of JSON to a declared type. Only what the type holds exactly is taken.

A number with decimals becomes the nearest float, as with every reader of JSON.
"""

from __future__ import annotations

import json
import math
import re
import struct
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlops_runtime import contracts

_LIMITS = {"int32": 2**31, "int64": 2**63}
_FIRST, _LAST = datetime(1678, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)  # as pandas has them
_FRACTION = re.compile(r"([.,]\d{6})(\d+)")
_SHOWN = 80


class Misfit(Exception):
    """What the value is, and why the type does not have it."""


def typed(kind: contracts.ScalarType, given: Any) -> Any:
    """The value in Python's type, a `datetime` in UTC for a timestamp. Raises `Misfit`."""
    match kind:
        case "bool" if isinstance(given, bool):
            return given
        case "int32" | "int64" if _is_number(given):
            return _whole(kind, given)
        case "float32" | "float64" if _is_number(given):
            return _float(kind, given)
        case "string" if isinstance(given, str):
            return _text(given)
        case "timestamp":
            return moment(given)
    raise Misfit(f"{shown(given)}, which is {_kind(given)} and not {_wanted(kind)}")


def moment(given: Any) -> datetime:
    """The time that an ISO 8601 text says, in UTC. Raises `Misfit`."""
    if _is_number(given):
        raise Misfit(
            f"{shown(given)}, a number, which may count seconds or milliseconds: send a text such as "
            '"2026-01-31T06:00:00Z"'
        )
    try:
        found = datetime.fromisoformat(_microseconds(given))
    except (TypeError, ValueError):
        raise Misfit(f"{shown(given)}, which is not an ISO 8601 time with an offset") from None
    if found.tzinfo is None:
        raise Misfit(f"{shown(given)}, which has no time zone: end it with Z or an offset")
    if not _FIRST.date() < found.date() < _LAST.date():
        raise Misfit(f"{shown(given)}, which is not of the years 1678 to 2261 that all stores have")
    return found.astimezone(UTC)


def shown(given: Any) -> str:
    """The value as JSON writes it, in ASCII but for the sign of what is left out."""
    try:
        text = str(given) if isinstance(given, Decimal) else json.dumps(given, default=str)
    except RecursionError:
        return "nested without end"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _microseconds(given: str) -> str:
    """Without more digits than microseconds have, if these are zeros."""
    found = _FRACTION.search(given)
    if found is None:
        return given
    if found[2].strip("0"):
        raise Misfit(f"{shown(given)}, which is finer than the microseconds that stores keep: round it")
    return given.replace(found[0], found[1])


def _whole(kind: contracts.ScalarType, given: int | Decimal) -> int:
    limit = _LIMITS[kind]
    if not -limit <= given < limit:
        raise Misfit(f"{shown(given)}, which is not within the range of {kind}")
    if given != given // 1:
        raise Misfit(f"{shown(given)}, which has a fraction and is no {kind}")
    return int(given)


def _float(kind: contracts.ScalarType, given: int | Decimal) -> float:
    try:
        found = float(given)
        if kind == "float32":
            (found,) = struct.unpack("<f", struct.pack("<f", found))
    except OverflowError:
        found = math.inf
    if math.isinf(found) or (found == 0 and given != 0):
        raise Misfit(f"{shown(given)}, which is not within the range of {kind}")
    if isinstance(given, int) and int(found) != given:
        raise Misfit(f"{shown(given)}, a whole number that {kind} does not hold exactly")
    return found


def _text(given: str) -> str:
    if "\0" in given:
        raise Misfit(f"{shown(given)}, a text with a zero byte, which PostgreSQL cannot store")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise Misfit(f"{shown(given)}, a text with half of a surrogate pair, which is no Unicode") from None
    return given


def _is_number(given: Any) -> bool:
    return isinstance(given, int | Decimal) and not isinstance(given, bool)


def _kind(given: Any) -> str:
    match given:
        case bool():
            return "a boolean"
        case int() | Decimal():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
    return "an object"


def _wanted(kind: contracts.ScalarType) -> str:
    return {"bool": "true or false", "string": "a text"}.get(kind, f"a number of the type {kind}")
