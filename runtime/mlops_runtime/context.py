"""What a team's function may ask of the platform, when it has a parameter called `context`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mlops_runtime.environment import Setting, Workspace
from mlops_runtime.errors import PlatformError


@dataclass(frozen=True)
class StepContext:
    """`interval_*` are the run's data interval, where it has one; all times are in UTC."""

    state_dir: Path
    interval_start: datetime | None
    interval_end: datetime | None
    connections: Mapping[str, Mapping[str, Setting]] = field(repr=False)
    logger: logging.Logger
    variables: Mapping[str, str] = field(repr=False, default_factory=dict)

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
        """The clock, for sources only: what a step derives must not depend on when it runs.

        `MLOPS_NOW` overrides it, so that a test or a repeated run sees the same moment.
        """
        return _time(self.variables, "MLOPS_NOW") or datetime.now(UTC)


def _time(variables: Mapping[str, str], name: str) -> datetime | None:
    text = variables.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PlatformError(
            f"{name} is '{text}', which is no ISO 8601 time such as 2026-01-31T06:00:00Z."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
