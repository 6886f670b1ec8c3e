"""How far the values of a sample have moved from those of a reference.

PSI, the population stability index: both samples are counted in bins (for numbers, deciles of the reference):
    sum over bins of (share now - share then) * ln(share now / share then)
Below 0.1 little has changed, above 0.25 much. Source: N. Siddiqi, Credit Risk Scorecards (2006), chapter 9.
KS: the largest distance between the two distribution functions, from `scipy.stats.ks_2samp`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

BINS = 10
MOST_CATEGORIES = 20
# Used for an empty bin, which has no logarithm; a sample of thousands cannot tell this share from zero.
SMALLEST_SHARE = 1e-4


@dataclass(frozen=True)
class Drift:
    psi: float
    ks: float | None  # None for values without an order


def compare(reference: pd.Series, current: pd.Series) -> Drift:
    """Drift from `reference` to `current`, two columns of any length and the same type.

    Missing values are a bin of their own for PSI, and are left out of KS.
    """
    if pd.api.types.is_numeric_dtype(reference) and not pd.api.types.is_bool_dtype(reference):
        then, now = _floats(reference), _floats(current)
        edges = _edges(then)
        return Drift(psi(_binned(then, edges), _binned(now, edges)), _ks(then, now))
    kept = list(reference.value_counts().index[:MOST_CATEGORIES])
    return Drift(psi(_counted(reference, kept), _counted(current, kept)), None)


def psi(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """PSI of two arrays of counts, by the same bins."""
    then = np.maximum(reference / max(reference.sum(), 1), SMALLEST_SHARE)
    now = np.maximum(current / max(current.sum(), 1), SMALLEST_SHARE)
    return float(np.sum((now - then) * np.log(now / then)))


def _floats(values: pd.Series) -> NDArray[np.float64]:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inner edges of bins with a tenth of the values each; fewer if many values are equal."""
    present = values[~np.isnan(values)]
    if len(present) == 0:
        return np.array([])
    return np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1]))


def _binned(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    missing = np.isnan(values)
    bins = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=len(edges) + 1)
    return np.append(bins, missing.sum()).astype(np.float64)


def _counted(values: pd.Series, kept: list[object]) -> NDArray[np.float64]:
    """Counts of the values in `kept`, of all others together, and of missing ones."""
    counts = [float((values == value).sum()) for value in kept]
    missing = float(values.isna().sum())
    return np.array([*counts, len(values) - sum(counts) - missing, missing])


def _ks(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float | None:
    then, now = reference[~np.isnan(reference)], current[~np.isnan(current)]
    if len(then) == 0 or len(now) == 0:
        return None
    return float(stats.ks_2samp(then, now).statistic)
