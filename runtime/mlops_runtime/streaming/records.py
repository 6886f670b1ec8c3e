"""From a Kafka record to an event of a feature view, or the reason why that is impossible."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from mlops_runtime import contracts
from mlops_runtime.streaming.values import Misfit, moment, shown, typed

# Clocks differ by seconds. An event further ahead would outrank every correct one until its time has come.
AHEAD = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY_BYTES = 2000  # of all join keys together; PostgreSQL's indexes hold no more than 2,704
_WHOLE = re.compile(r"-?[0-9]{1,19}")


class Rejected(Exception):
    """Why a record cannot be used, as a sentence for the readers of the dead-letter topic."""


@dataclass(frozen=True)
class Event:
    values: dict[str, Any]  # keys by name, and the features that the event carries; None means missing
    event: datetime  # in UTC
    created: datetime | None


def parse(
    contract: contracts.Streaming, key: bytes | None, value: bytes | None, sent: int | None, now: datetime
) -> Event:
    """The record's event. `now` bounds its times; `sent` is Kafka's own, in milliseconds. Raises `Rejected`.

    Fields that the view does not have are ignored, so that producers may add theirs first; a feature without
    a field is not carried. A record without a value deletes: it carries every feature, as missing, from the
    millisecond on in which it was sent.
    """
    if value is None:
        return _deletion(contract, key, sent, now)
    given = _object(value)
    values: dict[str, Any] = {}
    for join_key in contract.key:
        if given.get(join_key.name) is None:
            raise Rejected(f"the join key '{join_key.name}' is missing")
        values[join_key.name] = _typed(join_key.name, join_key.type, given[join_key.name])
    _require_short(contract, values)
    for feature in contract.features:
        if feature.name in given:
            found = given[feature.name]
            values[feature.name] = None if found is None else _typed(feature.name, feature.type, found)
            if contract.on_failure == "stop":
                _require_within(feature, values[feature.name])
    event = _time(contract.timestamp, given.get(contract.timestamp), now)
    created = None if contract.created is None else _time(contract.created, given.get(contract.created), now)
    return Event(values, event, created)


def _deletion(contract: contracts.Streaming, key: bytes | None, sent: int | None, now: datetime) -> Event:
    if not key:
        raise Rejected("the record has no value, which deletes the values of a key, and no key either")
    if sent is None:
        raise Rejected("the record has no value, which deletes the values of its key, and no time")
    values = _keys(contract, key)
    _require_short(contract, values)
    try:
        # To the end of the millisecond, or events of the same one would stay.
        time = _bounded("the record's time", EPOCH + timedelta(milliseconds=sent, microseconds=999), now)
    except OverflowError:
        raise Rejected(f"the record's time is {sent:,} milliseconds after 1970") from None
    values |= {feature.name: None for feature in contract.features}
    return Event(values, time, None if contract.created is None else time)


def _keys(contract: contracts.Streaming, key: bytes) -> dict[str, Any]:
    """The join keys of a record's key, which joins them by `|`."""
    try:
        text = key.decode()
    except UnicodeDecodeError:
        raise Rejected("the record has no value, and its key is not UTF-8") from None
    # A single key may have any sign.
    parts = text.split("|") if len(contract.key) > 1 else [text]
    if len(parts) != len(contract.key):
        names = ", ".join(each.name for each in contract.key)
        raise Rejected(f"the record has no value, and its key {shown(text)} is not {names}, joined by '|'")
    values: dict[str, Any] = {}
    for join_key, part in zip(contract.key, parts, strict=True):
        is_whole = join_key.type != "string" and _WHOLE.fullmatch(part)
        values[join_key.name] = _typed(join_key.name, join_key.type, int(part) if is_whole else part)
    return values


def _require_within(feature: contracts.StreamedFeature, value: Any) -> None:
    if not isinstance(value, int | float):
        return
    for word, limit, broken in (
        ("min", feature.min, feature.min is not None and value < feature.min),
        ("max", feature.max, feature.max is not None and value > feature.max),
    ):
        if broken:
            raise Rejected(f"'{feature.name}' is {value}, which breaks the view's `{word}: {limit:g}`")


def _require_short(contract: contracts.Streaming, values: dict[str, Any]) -> None:
    size = sum(len(str(values[key.name]).encode()) for key in contract.key)
    if size > KEY_BYTES:
        raise Rejected(f"the join keys have {size:,} bytes, and no index holds more than {KEY_BYTES:,}")


def _object(value: bytes) -> dict[str, Any]:
    try:
        given = json.loads(value, parse_constant=_constant, parse_float=_number, parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"the value is not JSON ({str(error)[:200]})") from None
    if not isinstance(given, dict):
        raise Rejected("the value is not a JSON object")
    return given


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _number(text: str) -> int | Decimal:
    """Exactly what was written. Python makes no integer of more than 4,300 digits."""
    try:
        return int(text) if text.removeprefix("-").isdigit() else Decimal(text)
    except ArithmeticError:
        raise ValueError(f"the number {text[:40]} is beyond all bounds") from None


def _typed(name: str, kind: contracts.ScalarType, given: Any) -> Any:
    try:
        return typed(kind, given)
    except Misfit as misfit:
        raise Rejected(f"'{name}' is {misfit}") from None


def _time(name: str, given: Any, now: datetime) -> datetime:
    if given is None:
        raise Rejected(f"the timestamp '{name}' is missing")
    try:
        return _bounded(f"'{name}'", moment(given), now)
    except Misfit as misfit:
        raise Rejected(f"'{name}' is {misfit}") from None


def _bounded(what: str, time: datetime, now: datetime) -> datetime:
    if time > now + AHEAD:
        raise Rejected(f"{what} is {time.isoformat()}, more than five minutes ahead of the clock")
    if time < EPOCH:
        raise Rejected(f"{what} is {time.isoformat()}, before 1970")
    return time
