"""pytest's fixtures for a team's tests; `mlops test` loads them. docs/testing.md describes each."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mlops_runtime import clock as clocks
from mlops_runtime.context import StepContext
from mlops_runtime.environment import Setting, Workspace
from mlops_runtime.testing.tables import Tables
from mlops_runtime.testing.workspaces import temporary

PRESENT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Clock:
    """The present of a test. A step's `context.now()` tells it."""

    now: datetime = PRESENT

    def set(self, moment: datetime | str) -> None:
        """A string is in ISO 8601; without an offset it means UTC."""
        text = moment.isoformat() if isinstance(moment, datetime) else moment
        self.now = clocks.parse(text, "the time of this test")


@pytest.fixture
def clock() -> Clock:
    """Monday, 2 March 2026, 12:00 UTC, until `clock.set(…)` says otherwise."""
    return Clock()


@pytest.fixture
def secrets() -> dict[str, str]:
    """Values of secrets by name, for steps whose connections need them. Empty; none comes from outside."""
    return {}


@pytest.fixture
def connections() -> dict[str, dict[str, Setting]]:
    """Settings of connections by name, as `context.connections` hands them out. Empty."""
    return {}


@pytest.fixture
def make_context(
    tmp_path: Path, clock: Clock, connections: dict[str, dict[str, Setting]]
) -> Callable[..., StepContext]:
    """`make_context(interval_start=…, interval_end=…)`: the context of a run with that interval, if any."""

    def make(
        interval_start: datetime | str | None = None, interval_end: datetime | str | None = None
    ) -> StepContext:
        state = tmp_path / "state"
        state.mkdir(exist_ok=True)
        start, end = _moment(interval_start), _moment(interval_end)
        variables = _Variables(clock)
        return StepContext(state, start, end, connections, logging.getLogger("test"), variables)

    return make


@pytest.fixture
def context(make_context: Callable[..., StepContext]) -> StepContext:
    """What a step's function gets as `context`, without a data interval."""
    return make_context()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, secrets: dict[str, str]) -> Callable[[], Workspace]:
    """The compiled repository, as a function: its tables, state and secrets are this test's own."""

    def opened() -> Workspace:
        given = {f"MLOPS_SECRET_{name.replace('-', '_').upper()}": value for name, value in secrets.items()}
        return temporary(tmp_path / "platform", {**given, clocks.VARIABLE: clock.now.isoformat()})

    return opened


@pytest.fixture
def tables(workspace: Callable[[], Workspace]) -> Tables:
    """This test's own warehouse: published tables by name, as frames; `tables.sample(name)` makes rows up."""
    return Tables(workspace)


@pytest.fixture
def run_step(workspace: Callable[[], Workspace]) -> Callable[..., dict[str, Any]]:
    """`run_step(pipeline, step, interval_start=…, interval_end=…)`: as Airflow runs it, on `tables`.

    Returns the step's evidence; what it wrote stands in `tables`.
    """

    def run(
        pipeline: str,
        step: str,
        interval_start: datetime | str | None = None,
        interval_end: datetime | str | None = None,
    ) -> dict[str, Any]:
        from mlops_runtime import steps

        opened = workspace()
        bounds = {"MLOPS_INTERVAL_START": interval_start, "MLOPS_INTERVAL_END": interval_end}
        given = {name: moment.isoformat() for name, each in bounds.items() if (moment := _moment(each))}
        opened = Workspace(opened.root, opened.environment, {**opened.variables, **given})
        return steps.run(opened, pipeline, step)

    return run


@pytest.fixture
def team_module(request: pytest.FixtureRequest) -> Iterator[Callable[[str], ModuleType]]:
    """`team_module("steps.py")`: the file beside the test as a module, which may import its neighbours.

    Two folders may both have a `steps.py`: neither sees the other's.
    """
    folder = request.path.parent
    before, known = list(sys.path), set(sys.modules)

    def load(file: str) -> ModuleType:
        path = (folder / file).resolve()
        if not path.is_file():
            raise FileNotFoundError(f"there is no {file} beside {request.path}")
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        name = f"team_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None  # always true for a .py file
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    yield load
    sys.path[:] = before
    for name in set(sys.modules) - known:
        origin = getattr(sys.modules[name], "__file__", None)
        if origin and Path(origin).is_relative_to(folder):
            del sys.modules[name]


class _Variables(Mapping[str, str]):
    """The present, which may be set after the context was made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __getitem__(self, name: str) -> str:
        if name != clocks.VARIABLE:
            raise KeyError(name)
        return self._clock.now.isoformat()

    def __iter__(self) -> Iterator[str]:
        return iter((clocks.VARIABLE,))

    def __len__(self) -> int:
        return 1


def _moment(value: datetime | str | None) -> datetime | None:
    if value is None:
        return None
    return clocks.parse(value if isinstance(value, str) else value.isoformat(), "the interval of this test")
