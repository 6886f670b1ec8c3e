"""common/serving/<model>.json and <env>/serving/<model>.json."""

from __future__ import annotations

from typing import Any, Literal

from mlops_runtime.contracts.base import (
    Contract,
    LogLimits,
    Mask,
    MissingFeatures,
    ModelInput,
    NamedType,
    ScalarType,
)


class ServedEntity(Contract):
    entity: str
    join_key: str
    type: ScalarType
    description: str


class RequestField(Contract):
    name: str
    type: ScalarType
    description: str
    unit: str | None
    min: float | None
    max: float | None
    nullable: bool
    mask: Mask


class ServedFeature(Contract):
    view: str
    feature: str
    input: str
    type: ScalarType
    mask: Mask
    ttl_seconds: int
    entities: tuple[str, ...]


class Serving(Contract):
    """`latency_objective_seconds` is null where the model states no `latency_p99`.

    `label_timestamp` is the optional field of an instance that states which time its label will refer to.
    """

    model: str
    description: str
    task: Literal["regression", "classification"]
    latency_objective_seconds: float | None
    registered_model: str
    entities: tuple[ServedEntity, ...]
    request: tuple[RequestField, ...]
    features: tuple[ServedFeature, ...]
    inputs: tuple[ModelInput, ...]
    label_timestamp: str | None
    output: NamedType
    feature_service: str
    log: LogLimits
    request_schema: dict[str, Any]
    response_schema: dict[str, Any]


class TrialLimits(Contract):
    """Limits beyond which a version on trial is withdrawn; null means no limit."""

    errors: float | None
    latency_seconds: float | None


class Rollout(TrialLimits):
    """Before the next process takes over, it gets this share of the connections for so long."""

    share: float
    seconds: float


class Proxied(Contract):
    """The proxy through which callers come; with `keys` it takes those only that have one."""

    keys: bool


class Endpoint(Contract):
    """Where and how one environment serves a model."""

    model: str
    host: str
    port: int
    workers: int
    timeout_seconds: float
    missing_features: MissingFeatures
    max_missing: float | None
    trial: TrialLimits | None
    rollout: Rollout | None
    proxy: Proxied | None
