"""common/runtime/pipelines/<pipeline>.json and common/runtime/tables/<table>.json."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from mlops_runtime.contracts.base import Contract, OnFailure, ScalarType

Mode = Literal["replace", "append", "overwrite_partition"]
ModelStep = Literal["pull_features", "train", "evaluate", "gate", "register", "score"]


class FunctionCall(Contract):
    """The team's own function, in a file beside the spec that names it."""

    kind: Literal["function"]
    file: str
    function: str
    with_: dict[str, Any] = Field(alias="with")
    lock: str | None


class ViewArguments(Contract):
    views: tuple[str, ...]


class MaterializeCall(Contract):
    kind: Literal["platform"]
    uses: Literal["materialize"]
    with_: ViewArguments = Field(alias="with")


class ModelArguments(Contract):
    model: str


class ModelCall(Contract):
    """A step of a model's life cycle, provided by `training/` and `scoring/`."""

    kind: Literal["platform"]
    uses: ModelStep
    with_: ModelArguments = Field(alias="with")


PlatformCall = Annotated[MaterializeCall | ModelCall, Field(discriminator="uses")]


class Step(Contract):
    call: Annotated[FunctionCall | PlatformCall, Field(discriminator="kind")]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    mode: Mode
    partition: str | None
    connections: tuple[str, ...]


class Pipeline(Contract):
    pipeline: str
    spec: str
    timezone: str
    starters: tuple[str, ...]  # DAGs that start it, each for one more group of tables
    steps: dict[str, Step]


class StepRef(Contract):
    pipeline: str
    step: str


class Column(Contract):
    name: str
    type: ScalarType
    required_by: tuple[str, ...]


class FeatureRules(Contract):
    name: str
    min: float | None
    max: float | None
    max_missing: float | None
    personal: bool


class Rules(Contract):
    """What a view asks of the rows of its table."""

    view: str
    spec: str
    on_failure: OnFailure
    key: tuple[str, ...]
    timestamp: str
    created: str | None
    window_seconds: int
    min_rows: int | None
    features: tuple[FeatureRules, ...]


class Table(Contract):
    table: str
    timestamp: str | None
    writer: StepRef | None
    columns: tuple[Column, ...]
    rules: tuple[Rules, ...]
