"""The clock, for what has to ask for it: sources of data, and monitors. No step's result may depend on it.

A test, or a rehearsal on old data, sets it for a whole environment: `MLOPS_NOW`, or the file `now` in
the environment's state folder, holds the moment (ISO 8601) that then counts as the present.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from mlops_runtime.errors import PlatformError

VARIABLE, FILE = "MLOPS_NOW", "now"


def now(state: Path, variables: Mapping[str, str]) -> datetime:
    """In UTC. Raises `PlatformError` where what is set is no time."""
    if variables.get(VARIABLE):
        return parse(variables[VARIABLE], VARIABLE)
    try:
        text = (state / FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return datetime.now(UTC)
    return parse(text, str(state / FILE))


def parse(text: str, where: str) -> datetime:
    """The moment, in UTC; one without an offset is in UTC already."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PlatformError(
            f"{where} is '{text}', which is no ISO 8601 time such as 2026-01-31T06:00:00Z."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
