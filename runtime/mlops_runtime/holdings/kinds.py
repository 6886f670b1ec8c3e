"""Every kind of object that holds data, with the module that knows it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.holdings.holding import Holding


@dataclass(frozen=True)
class Known:
    module: str  # below mlops_runtime.holdings
    is_in: Callable[[Workspace], bool] = lambda _workspace: True  # whether the environment has such a store


def _is_embedded(workspace: Workspace) -> bool:
    """In PostgreSQL and Redis they are not looked at yet, so nothing is dropped by halves."""
    return workspace.environment.postgres is None


# What reads others comes before them: in this order they are dropped.
KINDS = {
    "online": Known("online", _is_embedded),
    "predictions": Known("predictions"),
    "model": Known("models"),
    "experiment": Known("experiments"),
    "table": Known("tables", _is_embedded),
}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Kind(Protocol):
    def look(self, workspace: Workspace, name: str) -> Holding | None: ...

    def drop(self, workspace: Workspace, name: str) -> None: ...


def look(workspace: Workspace, addresses: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of the addresses that hold something. Changes nothing."""
    found = {}
    for address in addresses:
        kind, name = _parsed(address)
        held = _module(kind).look(workspace, name) if KINDS[kind].is_in(workspace) else None
        if held is not None:
            found[address] = asdict(held)
    return found


def drop(workspace: Workspace, address: str) -> dict[str, Any]:
    """Drops it for good; one that is gone already is nothing. What it held.

    Killed in between, it holds what is left, and is dropped by the same call. Raises `PlatformError` where
    something still needs it.
    """
    kind, name = _parsed(address)
    if not KINDS[kind].is_in(workspace):
        raise PlatformError(f"{workspace.name} has no store for '{address}', so nothing of it is dropped.")
    module = _module(kind)
    held = module.look(workspace, name)
    if held is None:
        return {}
    if held.readers:
        raise PlatformError(f"'{address}' is not dropped: " + " ".join(each.why for each in held.readers))
    module.drop(workspace, name)
    return asdict(held)


def _parsed(address: str) -> tuple[str, str]:
    kind, _, name = address.partition(":")
    if kind not in KINDS or not _NAME.fullmatch(name):
        raise PlatformError(
            f"'{address}' is no object that holds data: it is KIND:NAME, of {', '.join(KINDS)}."
        )
    return kind, name


def _module(kind: str) -> Kind:
    return cast(Kind, importlib.import_module(f"mlops_runtime.holdings.{KINDS[kind].module}"))
