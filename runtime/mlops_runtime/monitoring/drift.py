"""How far values have moved from those of a reference.

PSI, the population stability index: both samples are counted in bins (for numbers, tenths of the reference):
    sum over bins of (share now - share then) * ln(share now / share then)
Below 0.1 little has changed, above 0.25 much. Source: N. Siddiqi, Credit Risk Scorecards (2006), chapter 9.
KS: the largest distance of the two distribution functions, of `scipy.stats.ks_2samp`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

BINS = 10
MOST_CATEGORIES = 20
# An empty bin has no logarithm: it counts as this share, which a sample of thousands cannot tell from none.
SMALLEST_SHARE = 1e-4


@dataclass(frozen=True)
class Drift:
    psi: float
    ks: float | None  # None for what has no order


def compare(reference: pd.Series, current: pd.Series) -> Drift:
    """Missing values are a bin of their own for PSI, and left out of KS."""
    if pd.api.types.is_numeric_dtype(reference) and not pd.api.types.is_bool_dtype(reference):
        then, now = _floats(reference), _floats(current)
        edges = _edges(then)
        return Drift(psi(_binned(then, edges), _binned(now, edges)), _ks(then, now))
    kept = list(reference.value_counts().index[:MOST_CATEGORIES])
    return Drift(psi(_counted(reference, kept), _counted(current, kept)), None)


def psi(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float:
    """Of counts by bin, of the same bins."""
    then = np.maximum(reference / max(reference.sum(), 1), SMALLEST_SHARE)
    now = np.maximum(current / max(current.sum(), 1), SMALLEST_SHARE)
    return float(np.sum((now - then) * np.log(now / then)))


def _floats(values: pd.Series) -> NDArray[np.float64]:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inner edges of bins that hold a tenth each; fewer where many values are the same."""
    present = values[~np.isnan(values)]
    if len(present) == 0:
        return np.array([])
    return np.unique(np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1]))


def _binned(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    missing = np.isnan(values)
    bins = np.bincount(np.searchsorted(edges, values[~missing], side="left"), minlength=len(edges) + 1)
    return np.append(bins, missing.sum()).astype(np.float64)


def _counted(values: pd.Series, kept: list[object]) -> NDArray[np.float64]:
    """The usual values, all others together, and what is missing."""
    counts = [float((values == value).sum()) for value in kept]
    missing = float(values.isna().sum())
    return np.array([*counts, len(values) - sum(counts) - missing, missing])


def _ks(reference: NDArray[np.float64], current: NDArray[np.float64]) -> float | None:
    then, now = reference[~np.isnan(reference)], current[~np.isnan(current)]
    if len(then) == 0 or len(now) == 0:
        return None
    return float(stats.ks_2samp(then, now).statistic)
