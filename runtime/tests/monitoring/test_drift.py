from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlops_runtime.monitoring import drift


def test_psi_is_the_sum_over_bins_of_the_change_times_its_logarithm() -> None:
    then, now = np.array([50.0, 50.0]), np.array([75.0, 25.0])
    assert drift.psi(then, now) == pytest.approx(0.25 * np.log(1.5) - 0.25 * np.log(0.5))
    assert drift.psi(then, 10 * then) == pytest.approx(0)


def test_the_same_distribution_is_no_drift_and_a_shifted_one_is() -> None:
    random = np.random.default_rng(0)
    reference = pd.Series(random.normal(size=20_000))
    same = drift.compare(reference, pd.Series(random.normal(size=2000)))
    shifted = drift.compare(reference, pd.Series(random.normal(size=2000) + 1))
    assert same.psi < 0.02 and same.ks is not None and same.ks < 0.05
    assert shifted.psi > 0.5 and shifted.ks is not None and shifted.ks > 0.3


def test_values_that_vanish_and_categories_that_come_are_drift() -> None:
    numbers = pd.Series(np.arange(1000.0))
    assert drift.compare(numbers, numbers.where(numbers % 2 == 0)).psi > 0.25
    words, others = pd.Series(["a", "b"] * 500), pd.Series(["a", "c"] * 500)
    moved = drift.compare(words, others)
    assert moved.psi > 0.25 and moved.ks is None
    assert drift.compare(words, words[:100]).psi == pytest.approx(0)


def test_a_constant_or_empty_reference_is_compared_without_failing() -> None:
    constant = pd.Series([3.0] * 100)
    assert drift.compare(constant, constant).psi == pytest.approx(0)
    assert drift.compare(constant, pd.Series([4.0] * 100)).psi > 1
    assert np.isfinite(drift.compare(pd.Series([], dtype="float64"), constant).psi)
