"""A version on trial takes itself out, and another one gets a trial of its own."""

from __future__ import annotations

import pytest
from trips import trip_delay
from trips.fixtures import run
from trips.online_api import INSTANCE, client, predict, put_online

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.serving.trial import FEWEST, WINDOW_SECONDS, Trial


def trial(errors: float | None = 0.1, latency: float | None = 0.05) -> tuple[Trial, list[float]]:
    now = [0.0]
    limits = contracts.TrialLimits(errors=errors, latency_seconds=latency)
    made = Trial(limits, lambda: now[0])
    made.serves("2")
    return made, now


def test_failed_answers_end_a_trial_once_there_are_enough() -> None:
    made, _ = trial()
    for _ in range(FEWEST - 1):
        made.answered(500, 0.01)
    assert made.aborted is None
    made.answered(500, 0.01)
    assert made.aborted == "100.0% of its responses failed, and at most 10.0% may"


def test_slow_answers_end_a_trial() -> None:
    made, _ = trial()
    for _ in range(FEWEST):
        made.answered(200, 0.2)
    assert made.aborted is not None
    assert "200 ms" in made.aborted


def test_a_callers_mistake_is_none_of_the_version() -> None:
    made, _ = trial()
    for _ in range(3 * FEWEST):
        made.answered(422, 0.01)
    assert made.aborted is None


def test_what_is_long_past_does_not_count() -> None:
    made, now = trial()
    for _ in range(FEWEST - 1):
        made.answered(500, 0.01)
    now[0] += WINDOW_SECONDS + 1
    for _ in range(FEWEST):
        made.answered(200, 0.01)
    assert made.aborted is None


def test_another_version_gets_a_trial_of_its_own() -> None:
    made, _ = trial()
    for _ in range(FEWEST):
        made.answered(500, 0.01)
    made.serves("2")
    assert made.aborted is not None
    made.serves("3")
    assert made.aborted is None


def test_a_version_that_took_itself_out_answers_503(
    trips: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(trips)
    put_online(trips)
    tracking.connect(trips).set_registered_model_alias("trip_delay", "trial", "1")
    trip_delay.change(trips, "local/serving/trip_delay.json", trial={"errors": 0.5, "latency_seconds": 1e-9})
    monkeypatch.setenv("MLOPS_SERVING_ALIAS", "trial")
    with client(trips) as opened:
        statuses = [predict(opened, INSTANCE).status_code for _ in range(FEWEST + 1)]
        reason = opened.get("/readyz").json()["reason"]
    assert statuses == [200] * FEWEST + [503]
    assert "withdrawn" in reason
