"""The metrics of an online API.

Workers write into files in a shared folder, and each of them answers for all; otherwise a scrape would see
the counters of one worker by chance.
"""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, multiprocess

from mlops_runtime import contracts
from mlops_runtime.imports import before_prometheus
from mlops_runtime.metrics.families import families


class ServingMetrics:
    def __init__(self, contract: contracts.Serving) -> None:
        self._model = contract.model
        self.registry = CollectorRegistry()
        of, name = families("serving"), self.registry
        self._requests = of["requests"].counter(name)
        latencies = _with_boundary(of["duration"].boundaries(), contract.latency_objective_seconds)
        self._duration = of["duration"].histogram(name, latencies).labels(self._model)
        self.in_flight = of["inFlight"].gauge(name, "livesum").labels(self._model)
        self._predictions = of["predictions"].counter(name)
        values = of["prediction"].boundaries(contract.task)
        self._prediction = of["prediction"].histogram(name, values).labels(self._model)
        self._info = of["modelInfo"].gauge(name, "livemax")
        self._ready = of["ready"].gauge(name, "livemin").labels(self._model)
        self._age = of["featureAge"].histogram(name)
        self._missing = of["missingFeatures"].counter(name)
        self._log_errors = of["logErrors"].counter(name).labels(self._model)
        for view in {feature.view for feature in contract.features}:  # exposed from the start, at zero
            self._missing.labels(self._model, view)
            self._age.labels(self._model, view)
        self._ready.set(0)
        self._in_use: tuple[str, str] | None = None

    def answered(self, status: int, seconds: float | None) -> None:
        """Counts a response with its HTTP status and the seconds that it took; None where nobody got it."""
        self._requests.labels(self._model, str(status)).inc()
        if seconds is not None:
            self._duration.observe(seconds)

    def predicted(self, version: str, values: list[float]) -> None:
        self._predictions.labels(self._model, version).inc(len(values))
        for value in values:
            self._prediction.observe(value)

    def looked_up(self, view: str, age: float | None) -> None:
        """Counts a look-up of one row of a view; `age` in seconds, or None without a fresh row."""
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
        """The metrics as text, of this process or of all workers together."""
        folder = before_prometheus.shared_folder
        if folder is None:
            return generate_latest(self.registry)
        _forget_the_dead(Path(folder))
        everything = CollectorRegistry()
        multiprocess.MultiProcessCollector(everything, folder)  # type: ignore[no-untyped-call]
        return generate_latest(everything)


def prepare_workers(folder: Path) -> None:
    """Prepares a folder for the workers of this process before they start, and deletes those of the dead.

    A process that follows another one in its place counts by itself, as if it had started again.
    """
    for other in folder.glob("*"):
        if other.is_file():
            other.unlink()
        elif other.name == str(os.getpid()) or not Path(f"/proc/{other.name}").exists():
            shutil.rmtree(other, ignore_errors=True)
    own = folder / str(os.getpid())
    own.mkdir(parents=True)
    os.environ[before_prometheus.VARIABLE] = str(own)


def _forget_the_dead(folder: Path) -> None:
    """Removes gauges of dead workers. Their counters stay, because what they counted has happened."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rsplit("_", 1)[1])
        if not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _with_boundary(latencies: list[float], objective: float | None) -> tuple[float, ...]:
    """Adds one at the objective itself; interpolation between two others would only estimate it."""
    return tuple(sorted({*latencies, *([objective] if objective else []), math.inf}))
