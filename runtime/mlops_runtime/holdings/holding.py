"""One object that holds data, as it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Reader:
    """What needs the data, and no compiled file tells: refuses a drop."""

    of: str | None  # an address that holds the reader: where it goes too, it needs nothing any more
    why: str  # a sentence


@dataclass(frozen=True)
class Holding:
    amount: int  # in `unit`
    unit: str  # singular: row, record, version
    bytes: int | None  # None where the store does not tell
    written: str | None  # last; ISO 8601, UTC
    by: str | None
    readers: tuple[Reader, ...] = ()


def moment(seconds: float) -> str:
    """As `Holding.written` has it, of seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
