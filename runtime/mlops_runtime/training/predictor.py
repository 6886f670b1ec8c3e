"""A logged model with its own input columns, which predicts plain numbers.

Predictions use the native scikit-learn object, because pyfunc's schema enforcement takes longer than the
prediction; the columns and types of the logged signature are enforced here instead.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import Model, ModelSignature

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tracking import seals
from mlops_runtime.training import formats, inputs
from mlops_runtime.training.inputs import Floats

_DTYPES = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "string": "object",
    "datetime": "datetime64[ns]",
}


_NUMBERS = ("boolean", "integer", "long", "float", "double")


@dataclass(frozen=True)
class Predictor:
    model: Any
    signature: ModelSignature
    example: pd.DataFrame | None  # a few rows of inputs, as logged
    takes_arrays: bool = field(default=False)  # tried: an array gives the same as a frame

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.signature.inputs.inputs]

    def predict(self, frame: pd.DataFrame) -> Floats:
        """A number per row: the value, or for a classifier the probability of the positive class.

        Raises `PlatformError` if an input is missing or has another type.
        """
        return predict(self.model, self._enforced(frame))

    def predict_columns(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        """Like `predict`, from columns of Python values, of which None is a missing one.

        Builds a frame only if the model needs one.
        """
        if not self.takes_arrays:
            return self.predict(pd.DataFrame(dict(columns)))
        return predict(self.model, self._array(columns))

    def example_columns(self) -> dict[str, list[Any]] | None:
        """The example as `predict_columns` takes it; None where none was logged."""
        if self.example is None:
            return None
        return {
            str(name): [None if pd.isna(value) else value for value in self.example[name]]
            for name in self.example.columns
        }

    def _require(self, given: Container[str]) -> None:
        lacking = [name for name in self.columns if name not in given]
        if lacking:
            names = ", ".join(lacking)
            raise PlatformError(f"The version needs {names}, which the model's inputs do not have.")

    def _array(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        self._require(columns)
        given = [
            _numbers(column.name, column.type.name, columns[column.name])
            for column in self.signature.inputs.inputs
        ]
        return np.column_stack(given)

    def _enforced(self, frame: pd.DataFrame) -> pd.DataFrame:
        self._require(frame.columns)
        return pd.DataFrame(
            {
                column.name: inputs.cast(frame[column.name], _DTYPES[column.type.name])
                for column in self.signature.inputs.inputs
            },
            index=frame.index,
        )


def _numbers(name: str, kind: str, values: Sequence[Any]) -> Floats:
    array = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if kind == "float":
        return array.astype(np.float32).astype(np.float64)
    if kind != "double" and np.isnan(array).any():  # numpy would convert it to an arbitrary integer
        raise PlatformError(f"The model input '{name}' must be {_DTYPES[kind]}, and a value is missing.")
    return array


def _takes_arrays(loaded: Predictor) -> bool:
    """Whether all inputs are numbers and the model predicts the same from an array as from a frame."""
    kinds = {column.type.name for column in loaded.signature.inputs.inputs}
    if loaded.example is None or not kinds <= set(_NUMBERS):
        return False
    columns = {name: list(loaded.example[name]) for name in loaded.columns if name in loaded.example}
    # An array has no feature names. Set once, because setting it per request is not thread-safe.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    try:
        return bool(
            np.array_equal(predict(loaded.model, loaded._array(columns)), loaded.predict(loaded.example))
        )
    except Exception:  # a model is foreign code; if it needs column names, it gets a frame
        return False


def predict(model: Any, given: pd.DataFrame | Floats) -> Floats:
    """A number per row of `given`, a frame or an array, as the model needs it."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(given), dtype=np.float64)[:, 1]
    return np.asarray(model.predict(given), dtype=np.float64).reshape(-1)


def load_trained(workspace: Workspace, model_id: str) -> Predictor:
    """The model that a step `train` has logged, from the connected MLflow.

    Raises `PlatformError` if its files are not those that were trained, or if it has no signature.
    """
    sealed = seals.of_trained(workspace, model_id)
    return _load(f"models:/{model_id}", sealed, f"the model {model_id}")


def load_version(workspace: Workspace, name: str, version: str) -> Predictor:
    """A version of the registered model `name`, from the connected MLflow.

    Raises `PlatformError` if its files are not those that were registered, or if it has no signature.
    """
    sealed = seals.of_version(workspace, name, version)
    return _load(f"models:/{name}/{version}", sealed, f"version {version} of '{name}'")


def load_champion(workspace: Workspace, model: str) -> Predictor:
    """The version of a model of the specs that this environment serves.

    Raises `PlatformError` if there is none, or if its files are not those that were registered.
    """
    registered = workspace.tracking(model)
    found = tracking.champion(tracking.connect(workspace), registered)
    if found is None:
        alias, name = registered.aliases.champion, registered.registered_model.name
        raise PlatformError(f"No version of '{name}' has the alias '{alias}' yet: train the model first.")
    return load_version(workspace, str(found.name), str(found.version))


def _load(uri: str, sealed: str, what: str) -> Predictor:
    """Nothing of the files is read before they are known: loading a model may run code that lies in it."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        local = mlflow.artifacts.download_artifacts(uri, dst_path=folder)
        seals.require(Path(local), sealed, what)
        logged = Model.load(local)
        if logged.signature is None or logged.signature.inputs is None:
            raise PlatformError(f"The files of {what} have no signature; train it again.")
        example = logged.load_input_example(local) if logged.saved_input_example_info else None
        loaded = Predictor(formats.load(Path(local), logged, what), logged.signature, example)
        return replace(loaded, takes_arrays=_takes_arrays(loaded))
