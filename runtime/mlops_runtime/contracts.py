"""The compiler's JSON contracts (docs/contracts.md), typed and read strictly.

An unknown key, a missing key or a value of another type is a `ContractError` that names the file
and the place in it. Keys that may be null must still be there, so no field has a default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlops_runtime.errors import ContractError

ScalarType = Literal["bool", "int32", "int64", "float32", "float64", "string", "timestamp"]
Mode = Literal["replace", "append", "overwrite_partition"]
MissingFeatures = Literal["reject", "allow"]
ModelStep = Literal["pull_features", "train", "evaluate", "gate", "register", "score"]


class Contract(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())


# --- common/runtime/pipelines/<pipeline>.json


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
    """A step of a model's life, which `training/` and `scoring/` provide."""

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
    steps: dict[str, Step]


# --- common/runtime/tables/<table>.json


class StepRef(Contract):
    pipeline: str
    step: str


class Column(Contract):
    name: str
    type: ScalarType
    required_by: tuple[str, ...]


class Table(Contract):
    table: str
    timestamp: str | None
    writer: StepRef | None
    columns: tuple[Column, ...]


# --- common/runtime/models/<model>.json


class SpecFile(Contract):
    file: str
    digest: str


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


class NamedType(Contract):
    name: str
    type: ScalarType


class ModelInput(Contract):
    name: str
    type: ScalarType
    required: bool


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
    output: NamedType
    missing_features: MissingFeatures
    train: Train
    batch: Batch | None


# --- common/mlflow/<model>.json


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


# --- common/serving/<model>.json and <env>/serving/<model>.json


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


class ServedFeature(Contract):
    view: str
    feature: str
    input: str
    type: ScalarType
    ttl_seconds: int


class Serving(Contract):
    model: str
    description: str
    registered_model: str
    alias: str
    entities: tuple[ServedEntity, ...]
    request: tuple[RequestField, ...]
    features: tuple[ServedFeature, ...]
    inputs: tuple[ModelInput, ...]
    output: NamedType
    feature_service: str
    request_schema: dict[str, Any]
    response_schema: dict[str, Any]


class Endpoint(Contract):
    """Where and how one environment serves a model."""

    model: str
    host: str
    port: int
    workers: int
    timeout_seconds: float
    missing_features: MissingFeatures


# --- <env>/runtime/environment.json


class EnvironmentSecrets(Contract):
    provider: Literal["env"]


class FileSecrets(Contract):
    provider: Literal["file"]
    dir: str


class ConnectionSpec(Contract):
    settings: dict[str, str | int | float | bool]
    secrets: dict[str, str]


class MlflowAddress(Contract):
    tracking_uri: str


class AirflowAddress(Contract):
    url: str


class Environment(Contract):
    environment: str
    stores: Literal["embedded"]
    state: str
    warehouse: str
    feast_repository: str
    mlflow: MlflowAddress
    airflow: AirflowAddress
    secrets: Annotated[EnvironmentSecrets | FileSecrets, Field(discriminator="provider")]
    connections: dict[str, ConnectionSpec]


# --- reading

C = TypeVar("C", bound=Contract)


def read(kind: type[C], path: Path) -> C:
    """The contract in `path`. Raises `ContractError` where the file is not exactly what `kind` says."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ContractError(f"{path} does not exist; run `npm run compile` to write it.") from None
    except ValidationError as error:
        problems = "; ".join(_problem(e["type"], e["loc"], e["msg"]) for e in error.errors())
        raise ContractError(
            f"{path} is not a {kind.__name__} contract: {problems}. The file and this runtime are of "
            "different versions: run `npm run compile`."
        ) from None


def _problem(code: str, location: tuple[int | str, ...], message: str) -> str:
    place = "/".join(str(part) for part in location)
    match code:
        case "missing":
            return f"'{place}' is missing"
        case "extra_forbidden":
            return f"'{place}' is not known"
        case "json_invalid":
            return f"it is no valid JSON ({message})"
        case _:
            return f"'{place}': {message[0].lower()}{message[1:]}"
