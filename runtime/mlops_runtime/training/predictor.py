"""A model as it was logged: its own input columns, and predictions as plain numbers.

Predictions go through the native scikit-learn object and not through pyfunc, whose schema enforcement
costs more than the prediction; the columns and types of the logged signature are enforced here.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import Model, ModelSignature

from mlops_runtime.errors import PlatformError
from mlops_runtime.training import inputs
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
    takes_arrays: bool = field(default=False)  # tried out: a plain array gives what a frame gives

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.signature.inputs.inputs]

    def predict(self, frame: pd.DataFrame) -> Floats:
        """One number a row: the value, or for a classifier the probability of the positive class."""
        return predict(self.model, self._enforced(frame))

    def predict_columns(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        """The same from columns of Python values, None where one is missing.

        No frame is made where the model can do without.
        """
        if not self.takes_arrays:
            return self.predict(pd.DataFrame(dict(columns)))
        return predict(self.model, self._array(columns))

    def _array(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        lacking = [name for name in self.columns if name not in columns]
        if lacking:
            raise PlatformError(f"The model needs the inputs {', '.join(lacking)}, which are not given.")
        given = [
            _numbers(column.name, column.type.name, columns[column.name])
            for column in self.signature.inputs.inputs
        ]
        return np.column_stack(given)

    def _enforced(self, frame: pd.DataFrame) -> pd.DataFrame:
        lacking = [name for name in self.columns if name not in frame.columns]
        if lacking:
            raise PlatformError(f"The model needs the inputs {', '.join(lacking)}, which are not given.")
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
    if kind != "double" and np.isnan(array).any():  # numpy would make some integer of it
        raise PlatformError(f"The model input '{name}' must be {_DTYPES[kind]}, and a value is missing.")
    return array


def _takes_arrays(loaded: Predictor) -> bool:
    """Whether every input is a number and the model, asked with an array, says what it says of a frame."""
    kinds = {column.type.name for column in loaded.signature.inputs.inputs}
    if loaded.example is None or not kinds <= set(_NUMBERS):
        return False
    columns = {name: list(loaded.example[name]) for name in loaded.columns if name in loaded.example}
    # Of names that an array lacks; once, because setting it at each request is not safe in threads.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    try:
        return bool(
            np.array_equal(predict(loaded.model, loaded._array(columns)), loaded.predict(loaded.example))
        )
    except Exception:  # a model is foreign code: one that goes by column names gets its frame
        return False


def predict(model: Any, given: pd.DataFrame | Floats) -> Floats:
    """`given` as the model takes it: a frame or an array."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(given), dtype=np.float64)[:, 1]
    return np.asarray(model.predict(given), dtype=np.float64).reshape(-1)


def load(uri: str) -> Predictor:
    """The model at a `models:/…` address of the connected MLflow. Downloads it once."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        local = mlflow.artifacts.download_artifacts(uri, dst_path=folder)
        logged = Model.load(local)
        if logged.signature is None or logged.signature.inputs is None:
            raise PlatformError(f"The model {uri} was logged without a signature; train it again.")
        example = logged.load_input_example(local) if logged.saved_input_example_info else None
        loaded = Predictor(mlflow.sklearn.load_model(local), logged.signature, example)
        return replace(loaded, takes_arrays=_takes_arrays(loaded))
