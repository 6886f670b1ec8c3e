"""Objects by address, and how one state becomes another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

# An address such as `kafka/topic/plane_delays`, and what the object there is: plain JSON.
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
        """What follows the tool and the kind of object."""
        return self.address.split("/", 2)[2]


def compare(desired: State, observed: State) -> list[Change]:
    """What has to happen, by address; nothing where both are the same."""
    return [
        Change(_kind(desired, observed, address), address, desired.get(address), observed.get(address))
        for address in sorted(desired.keys() | observed.keys())
        if desired.get(address) != observed.get(address)
    ]


def read_changes(text: str) -> list[Change]:
    """The changes that `mlops deploy` hands over; what it leaves unchanged is not among them."""
    return [
        Change(each["kind"], each["address"], each["desired"], each["observed"]) for each in json.loads(text)
    ]


def of_kind(changes: Sequence[Change], *prefixes: str) -> list[Change]:
    return [change for change in changes if change.address.startswith(prefixes)]


def _kind(desired: State, observed: State, address: str) -> Literal["create", "update", "delete"]:
    if address not in observed:
        return "create"
    return "update" if address in desired else "delete"
