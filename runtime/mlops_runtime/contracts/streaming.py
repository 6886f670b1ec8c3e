"""common/streaming/<view>.json and <env>/streaming/<view>.json."""

from __future__ import annotations

from mlops_runtime.contracts.base import Contract, NamedType, OnFailure, ScalarType


class StreamedFeature(Contract):
    name: str
    type: ScalarType
    min: float | None
    max: float | None


class Streaming(Contract):
    """What the consumer of a streamed view reads and writes."""

    view: str
    topic: str
    dead_letter_topic: str | None
    group: str
    partitions: int
    keyed: bool
    retention_seconds: int
    ttl_seconds: int
    table: str
    key: tuple[NamedType, ...]
    timestamp: str
    created: str | None
    on_failure: OnFailure
    features: tuple[StreamedFeature, ...]


class StreamEndpoint(Contract):
    """Where one environment's consumer of the view answers /metrics, /livez and /readyz."""

    view: str
    host: str
    port: int
