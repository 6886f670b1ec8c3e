"""Calling the team's `fit`, and logging what it returns."""

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
    """What the team's function returns for the rows. Raises `PlatformError` where it cannot predict."""
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
    except Exception as error:  # the model is the team's code, whoever wrote its class
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
    """skops for pure scikit-learn estimators, cloudpickle for anything else.

    A skops file names the types that it may construct. Those that we let it trust are scikit-learn's own
    (HistGradientBoosting's tree nodes are in compiled code, which skops lets no one trust by default). A
    team's own class cannot be told from code that runs at loading, so it goes into a pickle, by value: its
    module is a file beside model.yaml that the serving process does not import.
    """
    try:
        untrusted = skops.io.get_untrusted_types(data=skops.io.dumps(fitted))
    except Exception:  # whatever an unknown type makes of it: it is no model that skops can hold
        untrusted = ["unknown"]
    if all(name.startswith("sklearn.") or name == "numpy.dtype" for name in untrusted):
        return {"serialization_format": "skops", "skops_trusted_types": untrusted}
    module = sys.modules[type(fitted).__module__]
    if module.__name__.startswith("team_"):
        cloudpickle.register_pickle_by_value(module)
    return {"serialization_format": "cloudpickle"}


def _requirements(root: Path, lock: str | None) -> list[str]:
    """The pins of the folder's lock; without one, what this environment has of the served packages."""
    if lock is None:
        return [f"{name}=={importlib.metadata.version(name)}" for name in _SERVED_WITH]
    # Hashes and markers of a lock stand on continuation lines or behind a semicolon.
    pins = re.findall(
        r"^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==[^\s;\\]+", (root / lock).read_text(), re.MULTILINE
    )
    if not pins:
        raise PlatformError(f"{lock} pins no package (`name==version`), so the model could not be rebuilt.")
    return pins
