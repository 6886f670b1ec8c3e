"""What a team's function gets from the platform if it has a parameter called `context`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mlops_runtime import clock
from mlops_runtime.environment import Setting, Workspace


@dataclass(frozen=True)
class StepContext:
    """`interval_start` and `interval_end` bound the run's data interval, if it has one. Times are in UTC."""

    state_dir: Path
    """The environment's state folder, `.mlops/<environment>`: what a step keeps from run to run."""
    interval_start: datetime | None
    """Begin of the run's data interval, in UTC; none for a run without one."""
    interval_end: datetime | None
    """End of the run's data interval, in UTC."""
    connections: Mapping[str, Mapping[str, Setting]] = field(repr=False)
    """Settings of the step's connections, by name, with secrets filled in."""
    logger: logging.Logger
    """Log lines of the step; they stand in Airflow's log of the task."""
    variables: Mapping[str, str] = field(repr=False, default_factory=dict)
    """Environment variables of the run."""

    @classmethod
    def of(cls, workspace: Workspace, step: str, connections: tuple[str, ...]) -> StepContext:
        return cls(
            state_dir=workspace.state,
            interval_start=_time(workspace.variables, "MLOPS_INTERVAL_START"),
            interval_end=_time(workspace.variables, "MLOPS_INTERVAL_END"),
            connections={name: workspace.connection(name) for name in connections},
            logger=logging.getLogger(step),
            variables=workspace.variables,
        )

    def now(self) -> datetime:
        """The current time in UTC, for sources only: derived data must not depend on when a step runs.

        `MLOPS_NOW`, or the environment's file `now`, overrides it, so that a repeated run sees the same time.
        """
        return clock.now(self.state_dir, self.variables)


def _time(variables: Mapping[str, str], name: str) -> datetime | None:
    text = variables.get(name)
    return clock.parse(text, name) if text else None
