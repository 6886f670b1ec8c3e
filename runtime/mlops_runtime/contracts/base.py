"""The base of every contract, and how one is read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from mlops_runtime.errors import ContractError

ScalarType = Literal["bool", "int32", "int64", "float32", "float64", "string", "timestamp"]
MissingFeatures = Literal["reject", "allow"]
OnFailure = Literal["warn", "stop"]


class Contract(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())


Mask = Literal["hash", "drop"] | None


class NamedType(Contract):
    name: str
    type: ScalarType


class ModelInput(Contract):
    name: str
    type: ScalarType
    required: bool


class LogLimits(Contract):
    """How much is kept of a model's log of predictions."""

    keep_days: int
    max_bytes: int


C = TypeVar("C", bound=Contract)


def read(kind: type[C], path: Path) -> C:
    """The contract in `path`. Raises `ContractError` unless the file has exactly the form of `kind`."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ContractError(f"{path} does not exist; run `npm run compile` to write it.") from None
    except ValidationError as error:
        problems = "; ".join(_problem(e["type"], e["loc"], e["msg"]) for e in error.errors())
        raise ContractError(
            f"{path} is not a {kind.__name__} contract: {problems}. Another version of the "
            "compiler wrote the file: run `npm run compile`."
        ) from None


def _problem(code: str, location: tuple[int | str, ...], message: str) -> str:
    place = "/".join(str(part) for part in location)
    match code:
        case "missing":
            return f"'{place}' is missing"
        case "extra_forbidden":
            return f"'{place}' is not known"
        case "json_invalid":
            return f"it is not valid JSON ({message})"
        case _:
            return f"'{place}': {message[0].lower()}{message[1:]}"
