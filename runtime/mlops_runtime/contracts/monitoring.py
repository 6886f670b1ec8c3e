"""common/monitoring/{views,models}/<name>.json: what is measured. Limits are in Prometheus' rules."""

from __future__ import annotations

from typing import Literal

from mlops_runtime.contracts.base import Contract, NamedType, ScalarType


class MonitoredFeature(Contract):
    name: str
    type: ScalarType
    min: float | None
    max: float | None


class MonitoredView(Contract):
    """The rows of the newest `window_seconds`."""

    view: str
    table: str
    timestamp: str
    window_seconds: int
    features: tuple[MonitoredFeature, ...]


class MonitoredLabel(Contract):
    table: str
    column: str
    timestamp: str
    horizon_seconds: int


class DriftWindow(Contract):
    window_seconds: int
    min_samples: int
    ignore: tuple[str, ...]


class PerformanceWindow(Contract):
    window_seconds: int
    min_samples: int


class MonitoredModel(Contract):
    model: str
    task: Literal["regression", "classification"]
    label: MonitoredLabel
    keys: tuple[str, ...]
    request: tuple[str, ...]
    inputs: tuple[NamedType, ...]
    drift: DriftWindow
    performance: PerformanceWindow
