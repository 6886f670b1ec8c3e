"""The model signature, exactly as the compiler derived it from the features."""

from __future__ import annotations

import json

from mlflow.models import ModelSignature
from mlflow.types import Schema

from mlops_runtime import contracts
from mlops_runtime.errors import PlatformError


def declared(contract: contracts.Tracking) -> ModelSignature:
    return ModelSignature(
        inputs=Schema.from_json(json.dumps(contract.signature.inputs)),
        outputs=Schema.from_json(json.dumps(contract.signature.outputs)),
    )


def require(contract: contracts.Tracking, found: ModelSignature | None, what: str) -> None:
    """Raises `PlatformError` unless `found` is the declared signature.

    MLflow silently drops a signature that it cannot enforce, so the result must be checked.
    """
    if found == declared(contract):
        return
    raise PlatformError(
        f"{what} does not have the signature of generated/common/mlflow/{contract.model}.json "
        f"({_difference(contract, found)}): train it again on the current features."
    )


def _difference(contract: contracts.Tracking, found: ModelSignature | None) -> str:
    if found is None or found.inputs is None:
        return "it has none at all"
    wanted = {column["name"]: column["type"] for column in contract.signature.inputs}
    has = {column.name: column.type.name for column in found.inputs.inputs}
    lacking = [name for name in wanted if name not in has]
    extra = [name for name in has if name not in wanted]
    if lacking or extra:
        return f"missing: {', '.join(lacking) or 'none'}; unknown: {', '.join(extra) or 'none'}"
    return "the columns' order, types or outputs differ"
