"""From rows of a table to a model's inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

Floats = NDArray[np.float64]

_DTYPES: dict[contracts.ScalarType, str] = {
    "bool": "bool",
    "int32": "int32",
    "int64": "int64",
    "float32": "float32",
    "float64": "float64",
    "string": "object",
    "timestamp": "datetime64[ns]",
}


def columns_needed(model: contracts.Model) -> list[str]:
    """The columns that a table needs for its rows to become inputs (without the label)."""
    names = [key.join_key for key in model.entities] + [field.name for field in model.request]
    return list(dict.fromkeys([*names, model.label.timestamp]))


def prediction_times(model: contracts.Model, rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The time of each row's prediction: the horizon before its label timestamp."""
    return rows[model.label.timestamp] - pd.Timedelta(seconds=model.label.horizon_seconds)


def assemble(
    workspace: Workspace, model: contracts.Model, rows: pd.DataFrame, digests: Mapping[str, str]
) -> pd.DataFrame:
    """The model's inputs per row, a column each in their declared order, as known at the prediction time.

    Values are not checked or converted: see `usable` and `typed`. Raises `PlatformError` if the join loses or
    adds rows.
    """
    from mlops_runtime import features  # importing Feast takes seconds, and only joins need it

    keys = [key.join_key for key in model.entities]
    entity_rows = rows[keys].assign(**{features.TIMESTAMP: prediction_times(model, rows)})
    refs = [f"{feature.view}:{feature.feature}" for feature in model.features]
    joined = features.historical(workspace, refs, entity_rows, digests)
    if len(joined) != len(rows):
        raise PlatformError(
            f"The historical join for '{model.model}' got {len(rows):,} rows and returned {len(joined):,}."
        )
    joined_names = {feature.input for feature in model.features}
    return pd.concat(
        [(joined if field.name in joined_names else rows)[field.name] for field in model.inputs], axis=1
    )


def usable(model: contracts.Model, frame: pd.DataFrame) -> pd.Series[bool]:
    """Per row, whether it has all required inputs, and enough features, to be trained on and scored."""
    complete = frame[_required(model)].notna().all(axis=1)
    if model.max_missing is None:
        return complete
    features = _features(model)
    return complete & (frame[features].isna().sum(axis=1) <= most_missing(model.max_missing, len(features)))


def most_missing(share: float, features: int) -> int:
    """How many of its features a row may lack, by the share that the policy states."""
    return math.floor(share * features + 1e-9)  # 29 % of 100 is 28.999…


def missing_features(model: contracts.Model, frame: pd.DataFrame) -> list[list[str]]:
    """Per row, the features that it lacks."""
    names = np.array(_features(model), dtype=object)
    return [list(names[lacks]) for lacks in frame[list(names)].isna().to_numpy()]


def unusable(model: contracts.Model, frame: pd.DataFrame) -> str:
    """For messages: how many rows were left out because inputs are missing; empty if none was."""
    left_out = frame[~usable(model, frame)]
    out = len(left_out)
    if not out:
        return ""
    judged = _required(model) if model.max_missing is None else [field.name for field in model.inputs]
    most = left_out[judged].isna().sum().sort_values(ascending=False, kind="stable").head(3)
    names = ", ".join(f"{name} in {count:,}" for name, count in most.items() if count)
    return f"{out:,} of {len(frame):,} labelled rows were left out because inputs are missing ({names})"


def _required(model: contracts.Model) -> list[str]:
    reject = model.missing_features == "reject"
    everything = {field.name for field in model.inputs} - set(model.nullable) if reject else set()
    return [field.name for field in model.inputs if field.required or field.name in everything]


def _features(model: contracts.Model) -> list[str]:
    return [feature.input for feature in model.features]


def typed(inputs: Sequence[contracts.ModelInput], frame: pd.DataFrame) -> pd.DataFrame:
    """The inputs in order, with the types of the signature; a missing number is NaN."""
    return pd.DataFrame(
        {field.name: cast(frame[field.name], _DTYPES[field.type]) for field in inputs}, index=frame.index
    )


def cast(values: pd.Series, dtype: str) -> pd.Series:
    """`values` as `dtype`. Raises `PlatformError` if one does not fit, such as a missing integer."""
    try:
        if dtype == "datetime64[ns]":
            return pd.to_datetime(values, utc=True).dt.tz_localize(None).astype("datetime64[ns]")
        if dtype == "object":
            return values.astype("object").where(values.notna(), None)
        if dtype.startswith("float"):
            return pd.Series(values.to_numpy(dtype=dtype, na_value=np.nan), index=values.index)
        if values.isna().any():  # numpy would convert them to an arbitrary integer, or to False
            raise ValueError("values are missing")
        return pd.Series(values.to_numpy(dtype=dtype), index=values.index)
    except (TypeError, ValueError) as error:
        raise PlatformError(
            f"The model input '{values.name}' must be {dtype}, and {values.dtype} does not fit: {error}."
        ) from None
