"""A step's contract, and the Python environment that it needs."""

from __future__ import annotations

import difflib

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError


def find(workspace: Workspace, pipeline: str, step: str) -> contracts.Step:
    """The step's contract. Raises `PlatformError` with the nearest name if there is no such step."""
    contract = workspace.pipeline(pipeline)
    if step not in contract.steps:
        near = difflib.get_close_matches(step, contract.steps, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(contract.steps)}."
        raise PlatformError(f"The pipeline '{pipeline}' ({contract.spec}) has no step '{step}'; {hint}")
    return contract.steps[step]


def lock_of(workspace: Workspace, step: contracts.Step) -> str | None:
    """The lock file of the folder whose code the step runs, or None for the platform's own."""
    match step.call:
        case contracts.FunctionCall(lock=lock):
            return lock
        case contracts.ModelCall(with_=arguments):
            return workspace.model(arguments.model).lock
        case contracts.MaterializeCall():
            return None
