"""The current time, for the code that needs it: data sources and monitors. No step's result may depend on it.

A test, or a rehearsal on old data, overrides it for a whole environment: `MLOPS_NOW`, or the file `now` in
the environment's state folder, holds the time (ISO 8601) to use instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from mlops_runtime.errors import PlatformError

VARIABLE, FILE = "MLOPS_NOW", "now"


def now(state: Path, variables: Mapping[str, str]) -> datetime:
    """The current time in UTC. Raises `PlatformError` if the override is not a valid time."""
    if variables.get(VARIABLE):
        return parse(variables[VARIABLE], VARIABLE)
    try:
        text = (state / FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return datetime.now(UTC)
    return parse(text, str(state / FILE))


def parse(text: str, where: str) -> datetime:
    """The time that `text` states, in UTC, which is also assumed where it states no offset.

    `where` names the source in the `PlatformError` that an invalid time raises.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PlatformError(
            f"{where} is '{text}', which is not an ISO 8601 time such as 2026-01-31T06:00:00Z."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
