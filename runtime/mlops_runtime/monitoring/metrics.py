"""The monitor's metrics."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from mlops_runtime.metrics.families import families

Row = tuple[tuple[str, ...], float]


class MonitorMetrics:
    def __init__(self, monitors: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        of = families("monitor")
        self._last_success = of.pop("lastSuccess").gauge(self.registry)
        self._failures = of.pop("failures").counter(self.registry)
        self._gauges = {family.name: family.gauge(self.registry) for family in of.values()}
        for monitor in monitors:
            self._failures.labels(monitor)

    def replace(self, name: str, rows: Iterable[Row]) -> None:
        """Replaces all series of the gauge, so that series that are no longer measured disappear."""
        gauge = self._gauges[name]
        gauge.clear()
        for labels, value in rows:
            gauge.labels(*labels).set(value)

    def tell(self, name: str, value: float) -> None:
        """Sets a gauge that has no labels."""
        self._gauges[name].set(value)

    def succeeded(self, monitor: str) -> None:
        self._last_success.labels(monitor).set_to_current_time()

    def failed(self, monitor: str) -> None:
        self._failures.labels(monitor).inc()
