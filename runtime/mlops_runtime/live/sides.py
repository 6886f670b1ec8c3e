"""The tools that `mlops deploy` brings to the compiled output, each with the module that knows it.

Importing one may take seconds: Feast alone five.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

from mlops_runtime.environment import Workspace
from mlops_runtime.live.state import Change, State, compare

MODULES = {
    "elk": "mlops_runtime.live.log_index",
    "feast": "mlops_runtime.live.feature_registry",
    "kafka": "mlops_runtime.live.topics",
    "mlflow": "mlops_runtime.live.experiments",
}


class Side(Protocol):
    def desired(self, workspace: Workspace) -> State: ...

    def observe(self, workspace: Workspace) -> State: ...

    def apply(self, workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]: ...


def side(name: str) -> Side:
    return cast(Side, importlib.import_module(MODULES[name]))


def check(workspace: Workspace, name: str) -> dict[str, Any]:
    """What the tool's objects do not show, if there is such a thing; changes nothing."""
    ask = getattr(side(name), "check", None)
    return cast(dict[str, Any], ask(workspace)) if ask else {}


def bring(workspace: Workspace, name: str) -> dict[str, Any]:
    """Compares, and changes what differs, as a setup step does. Its evidence says what that was."""
    one = side(name)
    wanted = one.desired(workspace)
    changes = compare(wanted, one.observe(workspace))
    applied = one.apply(workspace, changes) if changes else {}
    return {"objects": len(wanted), "applied": applied, **check(workspace, name)}
