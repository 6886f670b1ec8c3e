"""A process that keeps measuring data, models, pipelines and deployments for Prometheus."""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.metrics.server import serve
from mlops_runtime.monitoring.backups import show_backups
from mlops_runtime.monitoring.deployed import DeployedMonitor
from mlops_runtime.monitoring.metrics import MonitorMetrics

SHOWN_DEPLOYMENTS = 20

logger = logging.getLogger("mlops_runtime.monitoring")


@dataclass
class Monitor:
    name: str
    every: float  # seconds
    measure: Callable[[], None]
    due: float = 0.0
    problem: str | None = field(default="it has not run yet")


class Watch:
    """Runs each monitor when it is due. One that fails does not stop the others, and is tried again."""

    def __init__(self, monitors: list[Monitor], metrics: MonitorMetrics) -> None:
        self._monitors, self._metrics = monitors, metrics
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    @property
    def problem(self) -> str | None:
        found = [f"{each.name}: {each.problem}" for each in self._monitors if each.problem]
        return "; ".join(found) or None

    def run(self) -> None:
        while not self._stop.is_set():
            for monitor in self._monitors:
                if time.monotonic() >= monitor.due and not self._stop.is_set():
                    self._measure(monitor)
            self._stop.wait(1)

    def _measure(self, monitor: Monitor) -> None:
        begun = time.monotonic()
        try:
            monitor.measure()
            self._metrics.succeeded(monitor.name)
            problem = None
        except PlatformError as error:
            problem = str(error).splitlines()[0]
        except Exception as error:  # stores and logs may contain anything; the other monitors go on
            logger.exception("the monitor '%s' failed", monitor.name)
            problem = f"{type(error).__name__}: {error}"
        if problem is not None:
            self._metrics.failed(monitor.name)
            if problem != monitor.problem:
                logger.error("the monitor '%s' has no new values: %s", monitor.name, problem)
        monitor.problem = problem
        # A slow monitor gets at most a fifth of the time.
        took = time.monotonic() - begun
        monitor.due = time.monotonic() + max(monitor.every, 4 * took)


def monitors_of(workspace: Workspace, metrics: MonitorMetrics, deployed: DeployedMonitor) -> list[Monitor]:
    from mlops_runtime.monitoring.models import ModelMonitor
    from mlops_runtime.monitoring.pipelines import PipelineMonitor
    from mlops_runtime.monitoring.rereading import Rereading
    from mlops_runtime.monitoring.views import ViewMonitor

    monitored, pipelines = workspace.common / "monitoring", workspace.common / "runtime" / "pipelines"
    return [
        Monitor("views", 15, Rereading(monitored / "views", lambda: ViewMonitor(workspace, metrics))),
        Monitor("pipelines", 15, Rereading(pipelines, lambda: PipelineMonitor(workspace, metrics))),
        Monitor("models", 30, Rereading(monitored / "models", lambda: ModelMonitor(workspace, metrics))),
        Monitor("deployments", 15, lambda: show_deployments(workspace, metrics)),
        Monitor("deployed", 5, deployed),
        Monitor("backups", 60, lambda: show_backups(workspace, metrics)),
    ]


MONITORS = ("views", "pipelines", "models", "deployments", "deployed", "backups")


def show_deployments(workspace: Workspace, metrics: MonitorMetrics) -> None:
    """From `<state>/deployments.json`, which `mlops deploy` writes."""
    recorded = _recorded(workspace.state / "deployments.json")
    shown = {
        (each.get("commit") or "unknown")[:12]: datetime.fromisoformat(
            each["at"].replace("Z", "+00:00")
        ).timestamp()
        for each in recorded[-SHOWN_DEPLOYMENTS:]
    }
    metrics.replace("mlops_deployment_timestamp_seconds", [((commit,), at) for commit, at in shown.items()])


def _recorded(path: Path) -> list[dict[str, Any]]:
    """A damaged record is none, as for `mlops deploy`, which begins another."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return []
    return found if isinstance(found, list) and all(map(_is_deployment, found)) else []


def _is_deployment(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("commit"), str | None):
        return False
    try:
        datetime.fromisoformat(value["at"].replace("Z", "+00:00"))
    except (AttributeError, KeyError, ValueError):
        return False
    return True


def watch(workspace: Workspace) -> None:
    """Runs all monitors until SIGTERM or SIGINT. Raises `PlatformError` if the environment has no monitor."""
    if workspace.environment.monitor is None:
        raise PlatformError(
            f"The environment '{workspace.name}' has no monitor: its `stores` are "
            f"{workspace.environment.stores}."
        )
    metrics = MonitorMetrics(MONITORS)
    deployed = DeployedMonitor(workspace, metrics)
    watching = Watch(monitors_of(workspace, metrics, deployed), metrics)

    def end(_number: int, _frame: FrameType | None) -> None:
        watching.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    where = workspace.environment.monitor
    server = serve(metrics.registry, where.host, where.port, lambda: watching.problem)
    try:
        watching.run()
    finally:
        deployed.stop()
        server.shutdown()
