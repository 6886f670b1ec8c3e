"""What `mlops deploy` and `mlops drift` hold against the compiled output, each with the module that knows it.

Importing one may take seconds: Feast alone five.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from mlops_runtime.environment import Workspace
from mlops_runtime.live.state import Change, State, compare


@dataclass(frozen=True)
class Known:
    module: str  # below mlops_runtime.live
    is_in: Callable[[Workspace], bool]  # whether this environment has it
    imports: tuple[str, ...] = ()  # what its functions import, which takes long


def _has_models(workspace: Workspace) -> bool:
    return bool(workspace.models())


_REGISTRY = ("mlops_runtime.tracking", "mlflow.models")

SIDES = {
    "airflow": Known("dags", lambda workspace: (workspace.common / "airflow" / "dags").is_dir()),
    "champions": Known("aliases", _has_models, _REGISTRY),
    "elk": Known("log_index", lambda workspace: workspace.environment.elasticsearch is not None),
    "feast": Known("feature_registry", lambda workspace: workspace.feast_repository.is_dir()),
    "kafka": Known("topics", lambda workspace: workspace.environment.kafka is not None),
    "mlflow": Known("experiments", _has_models, _REGISTRY),
    "monitor": Known("monitors", lambda workspace: bool(workspace.services().monitors)),
    "postgres": Known("databases", lambda workspace: workspace.environment.postgres is not None),
    "redis": Known("redis_settings", lambda workspace: workspace.environment.redis is not None),
    "serving": Known("apis", lambda workspace: bool(workspace.services().apis)),
    "streaming": Known("consumers", lambda workspace: bool(workspace.services().consumers)),
}


class Side(Protocol):
    def desired(self, workspace: Workspace) -> State: ...

    def observe(self, workspace: Workspace) -> State: ...

    def apply(self, workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]: ...


def side(name: str) -> Side:
    return cast(Side, importlib.import_module(f"mlops_runtime.live.{SIDES[name].module}"))


def imports(name: str) -> tuple[str, ...]:
    """Modules that its acts import, in this order."""
    known = SIDES.get(name)
    return () if known is None else (f"mlops_runtime.live.{known.module}", *known.imports)


def present(workspace: Workspace) -> list[str]:
    """Names of what this environment has, sorted."""
    return sorted(name for name, known in SIDES.items() if known.is_in(workspace))


def check(workspace: Workspace, name: str) -> dict[str, Any]:
    """What the tool's objects do not show, if there is such a thing; changes nothing."""
    ask = getattr(side(name), "check", None)
    return cast(dict[str, Any], ask(workspace)) if ask else {}


def bring(workspace: Workspace, name: str, deletes: bool = True) -> dict[str, Any]:
    """Compares, and changes what differs, as a setup step does. Its evidence says what that was.

    Without `deletes` what is not desired stays, and is named.
    """
    one = side(name)
    wanted = one.desired(workspace)
    found = compare(wanted, one.observe(workspace))
    changes = [change for change in found if deletes or change.kind != "delete"]
    applied = one.apply(workspace, changes) if changes else {}
    kept = {} if deletes else {"kept": [change.address for change in found if change.kind == "delete"]}
    return {"objects": len(wanted), "applied": applied, **kept, **check(workspace, name)}
