"""The rule for promotions, as a pure function of numbers.

A metric is first turned into an error, so that one rule is enough: a metric to minimise already is an
error; a metric to maximise (r2, roc_auc, accuracy, f1) has 1 as its best value, so its error is
`1 - value`, the distance from perfect. The candidate beats a reference if

    (error_reference - error_candidate) / error_reference  >=  by      and is above 0

With `by: 2%` an rmse of 36.0 is beaten by 35.28, and a roc_auc of 0.80 by 0.804. A metric that
is missing or not finite never passes, and neither does one that equals its reference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Prefixes of metrics: `holdout_rmse` is the candidate's on the holdout rows.
CANDIDATE, BASELINE, CHAMPION = "holdout", "baseline", "champion"

# MLflow's SQL store turns an infinite metric into the largest double.
_LARGEST = 1.7e308


@dataclass(frozen=True)
class Verdict:
    passed: bool
    reason: str  # one sentence with the numbers


@dataclass(frozen=True)
class Rule:
    metric: str
    goal: str  # minimize | maximize
    by: float  # 0.02 is 2 %


def judge(rule: Rule, candidate: float | None, references: Mapping[str, float | None]) -> Verdict:
    """Whether `candidate` beats every one of `references` (name → metric) by the margin."""
    if candidate is None:
        return Verdict(
            False,
            f"The candidate's holdout {rule.metric} is missing: run the steps train and evaluate first.",
        )
    if not _usable(candidate):
        return Verdict(
            False, f"The candidate's holdout {rule.metric} is {_shown(candidate)}, not a finite number."
        )
    verdicts = [_against(rule, candidate, name, value) for name, value in references.items()]
    refusals = [verdict for verdict in verdicts if not verdict.passed]
    return Verdict(not refusals, _joined(refusals or verdicts))


def _against(rule: Rule, candidate: float, name: str, reference: float | None) -> Verdict:
    if not _usable(reference):
        return Verdict(
            False, f"The {name}'s {rule.metric} is {_shown(reference)}, so the two cannot be compared."
        )
    assert reference is not None
    gain = improvement(rule.goal, candidate, reference)
    passed = gain > 0 and (gain >= rule.by or math.isclose(gain, rule.by, rel_tol=1e-9))
    verb = "beats" if passed else "does not beat"
    return Verdict(
        passed,
        f"The candidate's {rule.metric} of {candidate:.4f} {verb} the {name}'s {reference:.4f} "
        f"by {rule.by:.1%}: it is {_compared(gain)}.",
    )


def improvement(goal: str, candidate: float, reference: float) -> float:
    """The share of the reference's error that the candidate saves; negative if it is worse."""
    error, reference_error = (
        (candidate, reference) if goal == "minimize" else (1.0 - candidate, 1.0 - reference)
    )
    saved = reference_error - error
    if reference_error <= 0:  # a perfect reference cannot be beaten
        return 0.0 if saved == 0 else math.copysign(math.inf, saved)
    return saved / reference_error


def _usable(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and abs(value) < _LARGEST


def _shown(value: float | None) -> str:
    if value is None:
        return "missing"
    return f"{value}" if math.isnan(value) or abs(value) < _LARGEST else "infinite"


def _compared(gain: float) -> str:
    if gain == 0:
        return "no better"
    return f"{abs(gain):.1%} {'better' if gain > 0 else 'worse'}"


def _joined(verdicts: Sequence[Verdict]) -> str:
    return " ".join(verdict.reason for verdict in verdicts) or "There is nothing to beat."
