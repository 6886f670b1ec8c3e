"""All that the runtime can look at, held against the compiled output of this workspace."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import sides
from mlops_runtime.live.state import compare


@dataclass(frozen=True)
class Drift:
    objects: int
    differing: list[str]  # addresses
    problem: str | None  # why it could not be compared; None where it was


def drifts(workspace: Workspace) -> dict[str, dict[str, object]]:
    """By tool. One that does not answer keeps no other from being compared. Changes nothing."""
    return {name: asdict(_drift(workspace, name)) for name in sides.present(workspace)}


def _drift(workspace: Workspace, name: str) -> Drift:
    side = sides.side(name)
    try:
        desired = side.desired(workspace)
        found = compare(desired, side.observe(workspace))
    except PlatformError as error:
        return Drift(0, [], next(iter(str(error).splitlines()), type(error).__name__))
    except Exception as error:  # a library's own: one tool more that cannot be compared
        return Drift(0, [], f"{type(error).__name__}: {error}")
    return Drift(len(desired), [change.address for change in found], None)
