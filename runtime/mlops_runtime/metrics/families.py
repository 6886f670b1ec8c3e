"""The metrics that this package exposes, as `metrics.json` states them for it and for the compiler."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_FILE = Path(__file__).parents[1] / "metrics.json"  # also read by the compiler


@dataclass(frozen=True)
class Family:
    name: str
    type: Literal["counter", "gauge", "histogram"]
    labels: list[str]
    help: str
    # Upper boundaries, or boundaries by the model's task; if empty, the client library's own.
    buckets: list[float] | dict[str, list[float]] = field(default_factory=list)

    def counter(self, registry: CollectorRegistry) -> Counter:
        return Counter(self.name, self.help, self.labels, registry=registry)

    def gauge(
        self,
        registry: CollectorRegistry,
        workers: Literal["all", "livesum", "livemax", "livemin"] = "all",
    ) -> Gauge:
        """`workers` is how the values of several processes are combined."""
        return Gauge(self.name, self.help, self.labels, registry=registry, multiprocess_mode=workers)

    def histogram(self, registry: CollectorRegistry, buckets: Sequence[float] | None = None) -> Histogram:
        limits = buckets or self.boundaries() or Histogram.DEFAULT_BUCKETS
        return Histogram(self.name, self.help, self.labels, registry=registry, buckets=limits)

    def boundaries(self, task: str = "") -> list[float]:
        return self.buckets[task] if isinstance(self.buckets, dict) else self.buckets


def values_of(label: str) -> list[str]:
    """What a label of few values can be."""
    return list(json.loads(_FILE.read_text("utf-8"))["labels"][label]["values"])


def families(exposed_by: Literal["serving", "stream", "monitor"]) -> dict[str, Family]:
    """By their key in `metrics.json`."""
    stated: dict[str, dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))[exposed_by]
    return {key: Family(**fields) for key, fields in stated.items()}
