"""Objects by address, and how one state becomes another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

# An address such as `kafka/topic/plane_delays` → the object there, as plain JSON.
State = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A created object has nothing observed, a deleted one nothing desired."""

    kind: Literal["create", "update", "delete"]
    address: str
    desired: dict[str, Any] | None
    observed: dict[str, Any] | None

    @property
    def name(self) -> str:
        """The part of the address after the tool and the kind."""
        return self.address.split("/", 2)[2]


def compare(desired: State, observed: State) -> list[Change]:
    """The changes from observed to desired, by address; none if both are equal."""
    return [
        Change(_kind(desired, observed, address), address, desired.get(address), observed.get(address))
        for address in sorted(desired.keys() | observed.keys())
        if desired.get(address) != observed.get(address)
    ]


def read_changes(text: str) -> list[Change]:
    """The changes that `mlops deploy` passes on standard input."""
    return [
        Change(each["kind"], each["address"], each["desired"], each["observed"]) for each in json.loads(text)
    ]


def of_kind(changes: Sequence[Change], *prefixes: str) -> list[Change]:
    return [change for change in changes if change.address.startswith(prefixes)]


def _kind(desired: State, observed: State, address: str) -> Literal["create", "update", "delete"]:
    if address not in observed:
        return "create"
    return "update" if address in desired else "delete"
