from __future__ import annotations

from datetime import UTC, datetime

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS, Monitor, Watch, show_deployments


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
