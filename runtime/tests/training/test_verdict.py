from __future__ import annotations

import pytest

from mlops_runtime.training.verdict import Rule, judge

RMSE = Rule("rmse", "minimize", 0.02)
AUC = Rule("roc_auc", "maximize", 0.02)
NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("candidate", "passed"), [(35.28, True), (35.29, False), (36.0, False), (40.0, False)]
)
def test_an_error_metric_has_to_fall_by_the_margin(candidate: float, passed: bool) -> None:
    assert judge(RMSE, candidate, {"baseline": 36.0}).passed is passed


@pytest.mark.parametrize(("candidate", "passed"), [(0.804, True), (0.803, False), (0.8, False)])
def test_a_score_has_to_close_the_margin_s_share_of_its_distance_to_one(
    candidate: float, passed: bool
) -> None:
    assert judge(AUC, candidate, {"baseline": 0.8}).passed is passed


@pytest.mark.parametrize("candidate", [NAN, INFINITE, -INFINITE, 1.7976931348623157e308])
def test_a_candidate_without_a_finite_metric_is_refused(candidate: float | None) -> None:
    verdict = judge(RMSE, candidate, {"baseline": 36.0})
    assert not verdict.passed
    assert "not a finite number" in verdict.reason


def test_a_candidate_that_was_not_evaluated_is_refused() -> None:
    verdict = judge(RMSE, None, {"baseline": 36.0})
    assert not verdict.passed
    assert verdict.reason == (
        "The candidate's holdout rmse is missing: run the steps train and evaluate first."
    )


@pytest.mark.parametrize("reference", [None, NAN, INFINITE])
def test_a_reference_without_a_finite_metric_refuses(reference: float | None) -> None:
    assert not judge(RMSE, 1.0, {"baseline": reference}).passed


def test_every_reference_has_to_be_beaten_and_the_reason_names_the_one_that_was_not() -> None:
    verdict = judge(RMSE, 33.0, {"baseline": 36.0, "champion": 33.1})
    assert not verdict.passed
    assert verdict.reason == (
        "The candidate's rmse of 33.0000 does not beat the champion's 33.1000 by 2.0%: it is 0.3% better."
    )


def test_without_a_margin_an_equal_metric_still_does_not_beat() -> None:
    assert not judge(Rule("rmse", "minimize", 0.0), 5.0, {"champion": 5.0}).passed


def test_a_perfect_reference_cannot_be_beaten() -> None:
    assert not judge(RMSE, 0.0, {"champion": 0.0}).passed
