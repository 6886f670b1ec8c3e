"""common/runtime/models/<model>.json, common/runtime/views/<view>.json and common/mlflow/<model>.json."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from mlops_runtime.contracts.base import (
    Contract,
    LogLimits,
    MissingFeatures,
    ModelInput,
    NamedType,
    ScalarType,
)


class SpecFile(Contract):
    file: str
    digest: str  # of the model's own spec; `spec_digest` has that of its views, too


class Label(Contract):
    table: str
    column: str
    type: ScalarType
    timestamp: str
    horizon_seconds: int


class EntityKey(Contract):
    entity: str
    join_key: str
    type: ScalarType


class ModelFeature(Contract):
    view: str
    feature: str
    type: ScalarType
    input: str
    table: str


class PromoteIf(Contract):
    beats: tuple[Literal["baseline", "champion"], ...]
    by: float


class Train(Contract):
    file: str
    function: str
    with_: dict[str, Any] = Field(alias="with")
    window_seconds: int | None
    holdout_seconds: int
    metric: Literal["rmse", "mae", "r2", "log_loss", "roc_auc", "accuracy", "f1"]
    goal: Literal["minimize", "maximize"]
    promote_if: PromoteIf
    pickle: bool = False


class Batch(Contract):
    entities: str
    window_seconds: int
    output: str


class Model(Contract):
    model: str
    owner: str
    task: Literal["regression", "classification"]
    spec: SpecFile
    lock: str | None
    label: Label
    entities: tuple[EntityKey, ...]
    feature_service: str
    features: tuple[ModelFeature, ...]
    request: tuple[NamedType, ...]
    inputs: tuple[ModelInput, ...]
    nullable: tuple[str, ...]  # fields of the request
    masks: dict[str, Literal["hash", "drop"]]
    output: NamedType
    missing_features: MissingFeatures
    max_missing: float | None  # share of its features that a row may lack
    train: Train
    batch: Batch | None
    log: LogLimits


class View(Contract):
    """What the digest of a model's spec has of each of its views."""

    view: str
    entities: tuple[str, ...]
    ttl_seconds: int
    table: str
    timestamp: str
    created: str | None


class Experiment(Contract):
    name: str
    tags: dict[str, str]


class RegisteredModel(Contract):
    name: str
    description: str
    tags: dict[str, str]


class Aliases(Contract):
    champion: str
    challenger: str


class Signature(Contract):
    """MLflow's own column specifications, for `mlflow.types.Schema.from_json`."""

    inputs: tuple[dict[str, Any], ...]
    outputs: tuple[dict[str, Any], ...]


class Tracking(Contract):
    model: str
    experiment: Experiment
    registered_model: RegisteredModel
    aliases: Aliases
    signature: Signature
