from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from trips import repository

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring.deployed import DeployedMonitor
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS, Monitor, Watch, monitors_of, show_deployments
from mlops_runtime.monitoring.rereading import Rereading


def test_a_monitor_that_fails_is_counted_and_holds_up_no_other() -> None:
    metrics = MonitorMetrics(["broken", "well"])
    ran: list[str] = []

    def fail() -> None:
        raise PlatformError("PostgreSQL does not answer.")

    def work() -> None:
        ran.append("well")
        watch.stop()

    watch = Watch([Monitor("broken", 60, fail), Monitor("well", 60, work)], metrics)
    watch.run()
    assert ran == ["well"]
    assert watch.problem == "broken: PostgreSQL does not answer."
    registry = metrics.registry
    assert registry.get_sample_value("mlops_monitor_failures_total", {"monitor": "broken"}) == 1
    assert (
        registry.get_sample_value("mlops_monitor_last_success_timestamp_seconds", {"monitor": "broken"})
        is None
    )
    assert registry.get_sample_value("mlops_monitor_last_success_timestamp_seconds", {"monitor": "well"})


def test_deployments_are_shown_by_commit_and_a_damaged_record_is_none(trips: Workspace) -> None:
    metrics = MonitorMetrics(MONITORS)
    file = trips.state / "deployments.json"
    file.write_text('[{"at": "2026-01-31T06:00:00Z", "commit": "0123456789abcdef"}]', encoding="utf-8")

    def shown() -> float | None:
        show_deployments(trips, metrics)
        return metrics.registry.get_sample_value(
            "mlops_deployment_timestamp_seconds", {"commit": "0123456789ab"}
        )

    assert shown() == datetime(2026, 1, 31, 6, tzinfo=UTC).timestamp()
    at = '"2026-01-31T06:00:00Z"'
    others = ('[{"at": 0}]', '[{"at": "then"}]', f'[{{"at": {at}, "commit": 7}}]')
    for damaged in ("", "[", "{}", "[null]", "0", "[{}]", *others):
        file.write_text(damaged, encoding="utf-8")
        assert shown() is None
    file.write_bytes(bytes(range(256)))
    assert shown() is None
    file.unlink()
    assert shown() is None
    file.mkdir()
    assert shown() is None


def test_contracts_that_come_change_or_go_are_read_again_and_only_those(tmp_path: Path) -> None:
    read: list[list[str]] = []
    measured: list[list[str]] = []

    def make() -> Callable[[], None]:
        texts = sorted(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.json"))
        read.append(texts)
        return lambda: measured.append(texts)

    monitor = Rereading(tmp_path, make)
    file = tmp_path / "plane_delays.json"

    def after(*texts: str) -> None:
        monitor()
        monitor()
        assert measured[-2:] == [list(texts)] * 2

    after()
    file.write_text("1", encoding="utf-8")
    after("1")
    at = file.stat()
    file.unlink()
    file.write_text("2", encoding="utf-8")
    os.utime(file, ns=(at.st_atime_ns, at.st_mtime_ns + 1))
    after("2")
    (tmp_path / "another.json").write_text("3", encoding="utf-8")
    after("2", "3")
    file.unlink()
    after("3")
    assert len(read) == 5


def test_contracts_that_cannot_be_read_are_the_monitors_problem_until_they_can(tmp_path: Path) -> None:
    def make() -> Callable[[], None]:
        if not (tmp_path / "whole.json").exists():
            raise PlatformError("Half of a commit is here.")
        return watch.stop

    monitor = Rereading(tmp_path, make)
    watch = Watch([Monitor("views", 0, monitor)], MonitorMetrics(["views"]))
    with pytest.raises(PlatformError, match="Half of a commit"):
        monitor()
    (tmp_path / "whole.json").write_text("{}", encoding="utf-8")
    watch.run()
    assert watch.problem is None


def test_the_monitors_of_a_workspace_follow_its_pipelines(trips: Workspace) -> None:
    """Airflow is not asked: nothing is there to be asked about, until a pipeline comes."""
    variables = {**trips.variables, "MLOPS_AIRFLOW_PASSWORD_MONITOR": "its own"}
    trips = dataclasses.replace(trips, variables=variables)
    metrics = MonitorMetrics(MONITORS)
    monitors = monitors_of(trips, metrics, DeployedMonitor(trips, metrics))
    measure = next(each.measure for each in monitors if each.name == "pipelines")
    folder = trips.common / "runtime" / "pipelines"
    for path in folder.glob("*.json"):
        path.unlink()
    measure()
    repository.add_pipeline(trips, {"load": {"call": repository.function_call("load.py", "load")}}, "late")
    with pytest.raises(PlatformError, match="Airflow does not answer"):
        measure()
