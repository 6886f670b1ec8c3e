"""Request and response types, built from the serving contract.

They are strict: numbers are not accepted as text, unknown fields are errors, and limits are enforced.
"""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, create_model

from mlops_runtime import contracts

MAX_INSTANCES = 1000
SHOWN_PROBLEMS = 20
SHOWN_CHARACTERS = 100  # of a name that nobody knows
# Nobody's key or text is longer, and what is would reach the online store and the prediction log.
KEY_CHARACTERS = 1_000
TEXT_CHARACTERS = 10_000

_PYTHON: dict[contracts.ScalarType, Any] = {
    "bool": bool,
    "int32": Annotated[int, Field(ge=-(2**31), lt=2**31)],
    "int64": Annotated[int, Field(ge=-(2**63), lt=2**63)],
    "float32": Annotated[float, Field(allow_inf_nan=False)],
    "float64": Annotated[float, Field(allow_inf_nan=False)],
    "string": str,
    "timestamp": datetime,
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, protected_namespaces=())


class PredictRequest(Strict):
    """The request of any model; `request_type` narrows its instances."""

    instances: list[Any]


class PredictResponse(Strict):
    model_name: str
    model_version: str
    request_id: str
    predictions: list[float]
    missing_features: list[list[str]]  # per prediction, the inputs that it was made without


class Problem(Strict):
    field: str  # `instances/0/distance`
    message: str


def request_type(contract: contracts.Serving) -> type[PredictRequest]:
    """The request's type for one model.

    An instance has the join keys and the request's own fields, all required, and optionally the label's
    timestamp. Pydantic has these names as aliases alone: a field `keys` or `model_config` of its own would
    hide what every model has.
    """
    given: dict[str, Any] = {
        key.join_key: (
            Annotated[_PYTHON[key.type], Field(max_length=_longest(key.type, KEY_CHARACTERS))],
            ...,
        )
        for key in contract.entities
    }
    for field in contract.request:
        longest = _longest(field.type, TEXT_CHARACTERS)
        limits = Field(ge=field.min, le=field.max, max_length=longest, description=field.description)
        kind: Any = Annotated[_PYTHON[field.type], limits]
        given[field.name] = (kind | None if field.nullable else kind, ...)
    if contract.label_timestamp is not None:
        given[contract.label_timestamp] = (AwareDatetime | None, None)
    fields: dict[str, Any] = {
        f"field_{at}": (Annotated[kind, Field(alias=name)], default)
        for at, (name, (kind, default)) in enumerate(given.items())
    }
    instance = create_model("Instance", __base__=Strict, **fields)
    counted = Annotated[list[instance], Field(min_length=1, max_length=MAX_INSTANCES)]  # type: ignore[valid-type]
    return create_model("Request", __base__=PredictRequest, instances=(counted, ...))


def _longest(kind: contracts.ScalarType, characters: int) -> int | None:
    """Other types are as long as their values."""
    return characters if kind == "string" else None


def values_of(instance: BaseModel) -> dict[str, Any]:
    """The instance's values by the names that the contract has for them."""
    return {
        field.alias or name: value
        for (name, value), field in zip(instance, type(instance).model_fields.values(), strict=True)
    }


def problems(contract: contracts.Serving, error: ValidationError) -> list[Problem]:
    """The first twenty problems of a body, each with the path of its field."""
    known = [key.join_key for key in contract.entities] + [field.name for field in contract.request]
    return [
        Problem(field="/".join(_shown(part) for part in found["loc"]), message=_message(found, known))
        for found in error.errors(include_url=False, include_context=False, include_input=False)[
            :SHOWN_PROBLEMS
        ]
    ]


def _shown(part: str | int) -> str:
    """A caller may have sent a name of megabytes."""
    text = str(part)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _message(found: Any, known: list[str]) -> str:
    name = _shown(found["loc"][-1]) if found["loc"] else ""
    match found["type"]:
        case "missing":
            return "is required"
        case "extra_forbidden":
            near = difflib.get_close_matches(name, known, n=1)
            return (
                f"is not known; did you mean '{near[0]}'?"
                if near
                else f"is not known; known: {', '.join(known)}"
            )
        case "json_invalid":
            return f"the body is not valid JSON ({found['msg'].removeprefix('Invalid JSON: ')})"
        case _:
            text: str = found["msg"]
            return text[0].lower() + text[1:]
