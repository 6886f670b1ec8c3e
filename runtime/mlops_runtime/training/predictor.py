"""A model as it was logged: its own input columns, and predictions as plain numbers.

Predictions go through the native scikit-learn object and not through pyfunc, whose schema enforcement
costs more than the prediction; the columns and types of the logged signature are enforced here.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Predictor:
    model: Any
    signature: ModelSignature
    example: pd.DataFrame | None  # a few rows of inputs, as logged

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.signature.inputs.inputs]

    def predict(self, frame: pd.DataFrame) -> Floats:
        """One number a row: the value, or for a classifier the probability of the positive class."""
        return predict(self.model, self._enforced(frame))

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


def predict(model: Any, frame: pd.DataFrame) -> Floats:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(frame), dtype=np.float64)[:, 1]
    return np.asarray(model.predict(frame), dtype=np.float64).reshape(-1)


def load(uri: str) -> Predictor:
    """The model at a `models:/…` address of the connected MLflow. Downloads it once."""
    with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
        local = mlflow.artifacts.download_artifacts(uri, dst_path=folder)
        logged = Model.load(local)
        if logged.signature is None or logged.signature.inputs is None:
            raise PlatformError(f"The model {uri} was logged without a signature; train it again.")
        example = logged.load_input_example(local) if logged.saved_input_example_info else None
        return Predictor(mlflow.sklearn.load_model(local), logged.signature, example)
