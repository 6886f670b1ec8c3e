"""Calls the team's `fit`, and logs the model that it returns."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Any

import cloudpickle
import mlflow
import numpy as np
import pandas as pd
import skops.io
from mlflow.models.model import ModelInfo

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.team import functions
from mlops_runtime.training import inputs, predictor, signature
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
        info = mlflow.sklearn.log_model(
            fitted,
            name=run.model.model,
            signature=signature.declared(run.contract),
            input_example=example,
            pip_requirements=_requirements(run.workspace.root, run.model.lock),
            pyfunc_predict_fn="predict_proba" if run.model.task == "classification" else "predict",
            **_serialization(fitted),
        )
    signature.require(run.contract, info.signature, "The model that MLflow logged")
    return info


def _serialization(fitted: Any) -> dict[str, Any]:
    """Arguments for `log_model`: skops for pure scikit-learn estimators, cloudpickle for anything else.

    A skops file lists the types that it constructs, and only scikit-learn's own are trusted here (even those
    in compiled code, such as HistGradientBoosting's tree nodes, which skops does not trust by default). A
    team's class is indistinguishable from code that runs at loading, so it is pickled, and by value, because
    the serving process does not import its module, a file beside model.yaml.
    """
    try:
        untrusted = skops.io.get_untrusted_types(data=skops.io.dumps(fitted))
    except Exception:  # unknown types may raise anything: skops cannot store the model
        untrusted = ["unknown"]
    if all(name.startswith("sklearn.") or name == "numpy.dtype" for name in untrusted):
        return {"serialization_format": "skops", "skops_trusted_types": untrusted}
    module = sys.modules[type(fitted).__module__]
    if module.__name__.startswith("team_"):
        cloudpickle.register_pickle_by_value(module)
    return {"serialization_format": "cloudpickle"}


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
