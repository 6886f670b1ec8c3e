"""What an online API says of itself: names and labels are those of compiler/ir/metrics.ts.

Several workers write into files of one folder, and any of them answers for all: else each scrape would see
the counters of whichever worker happened to answer.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from mlops_runtime import contracts, metric_values

_LATENCIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_AGES = (60, 300, 900, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400)
_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 10_000.0)
_VALUES = (*(-step for step in reversed(_STEPS)), 0.0, *_STEPS)
_PROBABILITIES = tuple(tenth / 10 for tenth in range(11))


class ServingMetrics:
    def __init__(self, contract: contracts.Serving) -> None:
        self._model = contract.model
        self.registry = CollectorRegistry()
        one, name = ["model"], self.registry
        self._requests = Counter(
            "mlops_serving_requests_total",
            "Prediction requests, by HTTP status.",
            [*one, "status"],
            registry=name,
        )
        self._duration = Histogram(
            "mlops_serving_request_duration_seconds",
            "Time to answer a prediction request.",
            one,
            buckets=_latencies(contract.latency_objective_seconds),
            registry=name,
        ).labels(self._model)
        self.in_flight = Gauge(
            "mlops_serving_requests_in_flight",
            "Prediction requests being answered now.",
            one,
            registry=name,
            multiprocess_mode="livesum",
        ).labels(self._model)
        self._predictions = Counter(
            "mlops_serving_predictions_total",
            "Predictions made, by model version.",
            [*one, "version"],
            registry=name,
        )
        self._prediction = Histogram(
            "mlops_serving_prediction_value",
            "Predicted values.",
            one,
            buckets=_PROBABILITIES if contract.task == "classification" else _VALUES,
            registry=name,
        ).labels(self._model)
        self._info = Gauge(
            "mlops_serving_model_info",
            "1 for the model version in use.",
            [*one, "version", "run_id"],
            registry=name,
            multiprocess_mode="livemax",
        )
        self._ready = Gauge(
            "mlops_serving_ready",
            "1 while predictions can be made.",
            one,
            registry=name,
            multiprocess_mode="livemin",
        ).labels(self._model)
        self._age = Histogram(
            "mlops_serving_feature_age_seconds",
            "Age of the feature rows that were used.",
            [*one, "view"],
            buckets=_AGES,
            registry=name,
        )
        self._missing = Counter(
            "mlops_serving_missing_features_total",
            "Lookups that found no fresh row.",
            [*one, "view"],
            registry=name,
        )
        self._log_errors = Counter(
            "mlops_serving_prediction_log_errors_total",
            "Predictions that could not be written to the prediction log.",
            one,
            registry=name,
        ).labels(self._model)
        for view in {feature.view for feature in contract.features}:  # there from the start, at zero
            self._missing.labels(self._model, view)
            self._age.labels(self._model, view)
        self._ready.set(0)
        self._in_use: tuple[str, str] | None = None

    def answered(self, status: int, seconds: float) -> None:
        self._requests.labels(self._model, str(status)).inc()
        self._duration.observe(seconds)

    def predicted(self, version: str, values: list[float]) -> None:
        self._predictions.labels(self._model, version).inc(len(values))
        for value in values:
            self._prediction.observe(value)

    def looked_up(self, view: str, age: float | None) -> None:
        """One row of one view; `age` in seconds, None where there is no fresh one."""
        if age is None:
            self._missing.labels(self._model, view).inc()
        else:
            self._age.labels(self._model, view).observe(max(0.0, age))

    def log_failed(self, predictions: int) -> None:
        self._log_errors.inc(predictions)

    def serves(self, version: str | None, run_id: str | None, is_ready: bool) -> None:
        self._ready.set(1 if is_ready else 0)
        now = (version, run_id or "") if version is not None else None
        if now == self._in_use:
            return
        if self._in_use is not None:
            self._info.labels(self._model, *self._in_use).set(0)
        if now is not None:
            self._info.labels(self._model, *now).set(1)
        self._in_use = now

    def exposition(self) -> bytes:
        """Of this process, or of all workers together."""
        folder = metric_values.shared_folder
        if folder is None:
            return generate_latest(self.registry)
        _forget_the_dead(Path(folder))
        everything = CollectorRegistry()
        multiprocess.MultiProcessCollector(everything, folder)  # type: ignore[no-untyped-call]
        return generate_latest(everything)


def prepare_workers(folder: Path) -> None:
    """Before the workers start: their folder, without what an earlier start left there."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()
    os.environ[metric_values.VARIABLE] = str(folder)


def _forget_the_dead(folder: Path) -> None:
    """A worker that died left its gauges; its counters stay, for what they counted has happened."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rsplit("_", 1)[1])
        if not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _latencies(objective: float | None) -> tuple[float, ...]:
    """With a boundary at the objective itself: between two others, what meets it could only be guessed."""
    return tuple(sorted({*_LATENCIES, *([objective] if objective else []), math.inf}))
