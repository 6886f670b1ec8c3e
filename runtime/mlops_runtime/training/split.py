"""The split by time, without leakage.

A row's prediction is made `horizon` before its label timestamp. The holdout is the newest `holdout_seconds`
of labelled rows, so its first prediction is made at `start - horizon`. A model can only have learned from
rows with a label timestamp *before* that time; rows between it and the holdout's start are on neither side
(the gap). With a window, training rows are at most that much older than the holdout's start.

A label counts as known at its timestamp, because contracts state no later time.
"""

from __future__ import annotations

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.errors import PlatformError

# With fewer rows a metric is noise.
MIN_TRAIN_ROWS = 100
MIN_HOLDOUT_ROWS = 30

TRAIN, GAP, HOLDOUT, OLD = "train", "gap", "holdout", "old"


def split(model: contracts.Model, timestamps: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """The side of each row, by its label timestamp: train, gap, holdout or old."""
    start = timestamps.max() - pd.Timedelta(seconds=model.train.holdout_seconds)
    sides = pd.Series(TRAIN, index=timestamps.index, dtype="object")
    sides[timestamps >= start - pd.Timedelta(seconds=model.label.horizon_seconds)] = GAP
    sides[timestamps >= start] = HOLDOUT
    if model.train.window_seconds is not None:
        sides[timestamps < start - pd.Timedelta(seconds=model.train.window_seconds)] = OLD
    return sides


def is_old(
    model: contracts.Model, timestamps: pd.Series[pd.Timestamp], labelled: pd.Series[bool]
) -> pd.Series[bool]:
    """Whether each row lies before the window for certain, as seen from the newest labelled row."""
    if model.train.window_seconds is None or not labelled.any():
        return pd.Series(False, index=timestamps.index)
    reach = pd.Timedelta(seconds=model.train.holdout_seconds + model.train.window_seconds)
    return timestamps < timestamps[labelled].max() - reach


def require_enough(
    model: contracts.Model, sides: pd.Series[str], label: pd.Series[float], unusable: str = ""
) -> None:
    """Raises `PlatformError` if a side has too few rows, or labels of one class only.

    `unusable` describes the rows that were left out because inputs are missing.
    """
    left_out = f". {unusable}" if unusable else ""
    for side, minimum, setting in (
        (TRAIN, MIN_TRAIN_ROWS, "shorten `train.holdout`, widen `train.window`, or bring more data"),
        (HOLDOUT, MIN_HOLDOUT_ROWS, "lengthen `train.holdout` or bring more data"),
    ):
        rows = int((sides == side).sum())
        if rows < minimum:
            raise PlatformError(
                f"{model.spec.file}: {rows} labelled rows of '{model.label.table}' are left for the {side} "
                f"side, and {minimum} are needed: {setting}{left_out}."
            )
        if model.task == "classification" and label[sides == side].nunique() < 2:
            raise PlatformError(
                f"{model.spec.file}: all {rows} rows of the {side} side have the same label, so there is "
                f"nothing to distinguish: {setting}."
            )
