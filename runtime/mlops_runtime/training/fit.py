"""Calls the team's `fit`, and logs the model that it returns."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle
import mlflow
import numpy as np
import pandas as pd
from mlflow.models.model import Model, ModelInfo

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.team import functions
from mlops_runtime.tracking import seals
from mlops_runtime.training import formats, inputs, predictor, signature
from mlops_runtime.training.dataset import Side
from mlops_runtime.training.run import TrainingRun

EXAMPLE_ROWS = 5
_SERVED_WITH = ("mlflow", "scikit-learn", "numpy", "pandas", "skops", "cloudpickle")


def fit(workspace: Workspace, model: contracts.Model, side: Side) -> Any:
    """The model that the team's function returns. Raises `PlatformError` if it cannot predict."""
    function = functions.load(workspace.root, model.train.file, model.train.function)
    offered = {
        "X": inputs.typed(model.inputs, side.rows),
        "y": pd.Series(side.labels, name=model.label.column),
        **model.train.with_,
    }
    fitted = functions.call(workspace.root, function, offered)
    place = f"{model.train.file}: '{model.train.function}'"
    if not callable(getattr(fitted, "predict", None)):
        raise PlatformError(f"{place} returned {type(fitted).__name__}, which has no predict(X).")
    if model.task == "classification" and not callable(getattr(fitted, "predict_proba", None)):
        raise PlatformError(f"{place} returned {type(fitted).__name__}, which has no predict_proba(X).")
    try:
        predicted = predictor.predict(fitted, offered["X"].head(EXAMPLE_ROWS))
    except Exception as error:  # the model counts as the team's code, even if its class is a library's
        reason = " ".join(str(error).split())
        raise PlatformError(
            f"{place} returned {type(fitted).__name__}, which cannot predict for the rows that it got as "
            f"X: {type(error).__name__}: {reason}"
        ) from error
    if not np.isfinite(predicted).all():
        raise PlatformError(f"{place} returned a model that predicts {predicted.tolist()} for its own rows.")
    return fitted


def log(run: TrainingRun, fitted: Any, side: Side) -> ModelInfo:
    """Logs the model to the run with the declared signature, an input example and its requirements."""
    example = inputs.typed(run.model.inputs, side.rows.head(EXAMPLE_ROWS))
    with mlflow.start_run(run_id=run.id):
        info = Model.log(
            name=run.model.model,
            artifact_path=None,
            flavor=_Sealing(run.workspace),
            sk_model=fitted,
            signature=signature.declared(run.contract),
            input_example=example,
            pip_requirements=_requirements(run.workspace.root, run.model.lock),
            pyfunc_predict_fn="predict_proba" if run.model.task == "classification" else "predict",
            # MLmodel would be written once more after it; a version is tried before it serves, by `trial`.
            validate_serving_input=False,
            **_serialization(run.model, fitted),
        )
    signature.require(run.contract, info.signature, "The model that MLflow logged")
    return info


@dataclass(frozen=True)
class _Sealing:
    """MLflow's flavor for scikit-learn, which seals the files before MLflow uploads them."""

    workspace: Workspace

    def save_model(self, path: str, mlflow_model: Model, **options: Any) -> None:
        options.pop("validate_serving_input")  # of MLflow's caller
        mlflow.sklearn.save_model(path=path, mlflow_model=mlflow_model, **options)
        seals.seal_trained(self.workspace, str(mlflow_model.model_id), Path(path))


def _serialization(model: contracts.Model, fitted: Any) -> dict[str, Any]:
    """Arguments for `log_model`: skops where that can hold the model, else a pickle, if the spec allows it.

    A team's class is indistinguishable from code that runs at loading. It is pickled by value, because the
    serving process does not import its module, a file beside model.yaml.
    """
    listed = formats.listed_types(fitted)
    foreign = formats.foreign(listed)
    if not foreign:
        return {"serialization_format": "skops", "skops_trusted_types": listed}
    if not model.train.pickle:
        raise PlatformError(
            f"{model.train.file}: '{model.train.function}' returned {type(fitted).__name__}, which holds "
            f"{_few(foreign)}: it can only be stored as a pickle, and whoever loads one runs the code in it. "
            "Return types of scikit-learn or of a library of boosted trees, or say `pickle: true` below "
            f"`train` in {model.spec.file}."
        )
    module = sys.modules[type(fitted).__module__]
    if module.__name__.startswith("team_"):
        cloudpickle.register_pickle_by_value(module)
    return {"serialization_format": "cloudpickle"}


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _requirements(root: Path, lock: str | None) -> list[str]:
    """The folder's pinned packages; without a lock, this environment's versions of those needed to serve."""
    if lock is None:
        return [f"{name}=={importlib.metadata.version(name)}" for name in _SERVED_WITH]
    # A lock's hashes and markers are on continuation lines or after a semicolon.
    pins = re.findall(
        r"^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==[^\s;\\]+", (root / lock).read_text(), re.MULTILINE
    )
    if not pins:
        raise PlatformError(f"{lock} pins no package (`name==version`), so the model could not be rebuilt.")
    return pins
