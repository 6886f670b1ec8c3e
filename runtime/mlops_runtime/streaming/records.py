"""From a Kafka record to a row of a feature view, or the reason why that is impossible."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from mlops_runtime import contracts

# Clocks differ by seconds. An event further ahead would outrank every correct one until its time has come.
AHEAD = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIMITS = {"int32": 2**31, "int64": 2**63}


class Rejected(Exception):
    """Why a record cannot be used, as a sentence for the readers of the dead-letter topic."""


@dataclass(frozen=True)
class Event:
    values: dict[str, Any]  # keys and features by name; a missing feature is None
    event: datetime  # in UTC
    created: datetime | None


def parse(contract: contracts.Streaming, value: bytes | None, now: datetime) -> Event:
    """The record's keys, features and times. `now` bounds its timestamps. Raises `Rejected`.

    Fields that the view does not have are ignored, so that producers may add theirs first.
    """
    given = _object(value)
    values: dict[str, Any] = {}
    for key in contract.key:
        if given.get(key.name) is None:
            raise Rejected(f"the join key '{key.name}' is missing")
        values[key.name] = _typed(key.name, key.type, given[key.name])
    for feature in contract.features:
        found = given.get(feature.name)
        values[feature.name] = None if found is None else _typed(feature.name, feature.type, found)
    event = _time(contract.timestamp, given.get(contract.timestamp), now)
    created = None if contract.created is None else _time(contract.created, given.get(contract.created), now)
    return Event(values, event, created)


def _object(value: bytes | None) -> dict[str, Any]:
    if value is None:
        raise Rejected("the record has no value")
    try:
        given = json.loads(value, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"the value is not JSON ({str(error)[:200]})") from None
    if not isinstance(given, dict):
        raise Rejected("the value is not a JSON object")
    return given


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _typed(name: str, kind: contracts.ScalarType, given: Any) -> Any:
    ok = False
    match kind:
        case "bool":
            ok = isinstance(given, bool)
        case "int32" | "int64":
            limit = _LIMITS[kind]
            given = int(given) if isinstance(given, float) and _is_whole(given) else given
            ok = isinstance(given, int) and not isinstance(given, bool) and -limit <= given < limit
        case "float32" | "float64":
            ok = isinstance(given, int | float) and not isinstance(given, bool) and _is_finite(given)
            given = float(given) if ok else given
        case "string":
            ok = isinstance(given, str) and "\0" not in given  # PostgreSQL cannot store a zero byte in text
        case "timestamp":
            return _moment(name, given)
    if not ok:
        raise Rejected(f"'{name}' is {json.dumps(given)[:80]}, which is not a valid {kind}")
    return given


def _is_whole(given: float) -> bool:
    """Whether an integer was meant, as some languages write it. Beyond 2**53 a float is not exact."""
    return given.is_integer() and abs(given) < 2**53


def _is_finite(given: float) -> bool:
    try:
        return math.isfinite(given)
    except OverflowError:
        return False


def _time(name: str, given: Any, now: datetime) -> datetime:
    if given is None:
        raise Rejected(f"the timestamp '{name}' is missing")
    moment = _moment(name, given)
    if moment > now + AHEAD:
        raise Rejected(f"'{name}' is {moment.isoformat()}, more than five minutes ahead of the clock")
    if moment < EPOCH:
        raise Rejected(f"'{name}' is {moment.isoformat()}, before 1970")
    return moment


def _moment(name: str, given: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise Rejected(f"'{name}' is {json.dumps(given)[:80]}, which is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise Rejected(f"'{name}' is {given}, which has no time zone: end it with Z or an offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Rejected(f"'{name}' is {given}, which is out of range") from None
