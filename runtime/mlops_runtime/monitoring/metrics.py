"""What the monitor says: names and labels are those of compiler/ir/metrics.ts."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge

_GAUGES = {
    "mlops_view_rows": (["view"], "Rows in the view's quality window."),
    "mlops_view_age_seconds": (["view"], "Age of the newest row offline."),
    "mlops_feature_missing_ratio": (["view", "feature"], "Share of missing values in the window."),
    "mlops_feature_out_of_range_ratio": (["view", "feature"], "Share of values outside min and max."),
    "mlops_input_drift_psi": (["model", "input"], "Population stability index against the training rows."),
    "mlops_input_drift_ks": (["model", "input"], "Kolmogorov-Smirnov statistic against the training rows."),
    "mlops_prediction_drift_psi": (["model"], "The same of predictions against those on the holdout."),
    "mlops_prediction_drift_ks": (["model"], "Kolmogorov-Smirnov statistic of predictions."),
    "mlops_drift_samples": (["model"], "Predictions in the drift window."),
    "mlops_model_performance": (["model", "metric"], "Metric of predictions whose labels have come."),
    "mlops_model_performance_baseline": (
        ["model", "metric"],
        "The naive baseline's on the champion's holdout.",
    ),
    "mlops_model_performance_samples": (["model"], "Labelled predictions in the window."),
    "mlops_model_labels_age_seconds": (["model"], "Age of the newest label."),
    "mlops_pipeline_last_success_timestamp_seconds": (
        ["pipeline"],
        "End of the last run that did what it was meant to.",
    ),
    "mlops_pipeline_last_run": (
        ["pipeline", "result"],
        "1 for how the last finished run ended: success, refused or failed.",
    ),
    "mlops_pipeline_last_run_duration_seconds": (["pipeline"], "How long the last finished run took."),
    "mlops_deployment_timestamp_seconds": (["commit"], "When this commit was deployed."),
}

Row = tuple[tuple[str, ...], float]


class MonitorMetrics:
    def __init__(self, monitors: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        self._gauges = {
            name: Gauge(name, text, labels, registry=self.registry)
            for name, (labels, text) in _GAUGES.items()
        }
        self._last_success = Gauge(
            "mlops_monitor_last_success_timestamp_seconds",
            "When a monitor last ran to its end.",
            ["monitor"],
            registry=self.registry,
        )
        self._failures = Counter(
            "mlops_monitor_failures_total",
            "Runs of a monitor that failed.",
            ["monitor"],
            registry=self.registry,
        )
        for monitor in monitors:
            self._failures.labels(monitor)

    def replace(self, name: str, rows: Iterable[Row]) -> None:
        """All series of the gauge, at once: what is no longer measured is no longer told."""
        gauge = self._gauges[name]
        gauge.clear()
        for labels, value in rows:
            gauge.labels(*labels).set(value)

    def succeeded(self, monitor: str) -> None:
        self._last_success.labels(monitor).set_to_current_time()

    def failed(self, monitor: str) -> None:
        self._failures.labels(monitor).inc()
