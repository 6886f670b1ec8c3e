"""The request that a deploy makes of an API: answered by its champion, and counted as nobody's."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

import pytest
from trips import trip_delay
from trips.fixtures import run
from trips.online_api import GOLDEN, client, predict, put_online

from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.folder import folder_of
from mlops_runtime.serving.service import PredictionService
from mlops_runtime.training.predictor import Predictor


def counted(text: str) -> dict[str, float]:
    """Counters and counts of histograms, which grow with each request."""
    return {
        series: float(value)
        for series, value in re.findall(r"^(mlops_serving_\S+(?:_total|_count|_sum)\S*) (\S+)$", text, re.M)
    }


def test_the_champion_answers_for_its_own_input_example(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        answer = opened.post(GOLDEN)
        service: PredictionService = opened.app.state.service  # type: ignore[attr-defined]
        predictor = service.champion().predictor
    assert (answer.status_code, answer.headers["x-model-version"]) == (200, "1")
    assert predictor.example is not None
    expected = list(predictor.predict(predictor.example))
    assert answer.json()["predictions"] == expected != []


def test_it_needs_no_fresh_features_whatever_the_policy_says_of_missing_ones(trips: Workspace) -> None:
    run(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", missing_features="reject")
    with client(trips) as opened:
        assert predict(opened).status_code == 422
        assert opened.post(GOLDEN).status_code == 200


def test_it_is_in_no_metric_no_log_of_predictions_and_no_line(
    trips: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    run(trips)
    put_online(trips)
    with client(trips) as opened, caplog.at_level(logging.INFO, "mlops_runtime.serving"):
        before = counted(opened.get("/metrics").text)
        assert opened.post(GOLDEN).status_code == 200
        assert counted(opened.get("/metrics").text) == before
        assert not folder_of(trips, "trip_delay").exists()
        assert [record for record in caplog.records if hasattr(record, "ecs")] == []
        assert predict(opened).status_code == 200
        assert counted(opened.get("/metrics").text) != before


def test_without_a_champion_it_is_503(trips: Workspace) -> None:
    with client(trips, ready=False) as opened:
        assert opened.post(GOLDEN).status_code == 503


def test_an_api_that_is_ready_and_cannot_predict_answers_500_with_the_reason(
    trips: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(trips)

    def broken(*_: Any) -> Any:
        raise ValueError("a library was replaced")

    with client(trips) as opened:
        monkeypatch.setattr(Predictor, "predict_columns", broken)
        answer, ready = opened.post(GOLDEN), opened.get("/readyz").status_code
    assert (answer.status_code, ready) == (500, 200)
    assert answer.json()["error"]["message"] == "Version 1 failed (ValueError: a library was replaced)."


def test_a_number_that_is_not_finite_is_500(trips: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run(trips)
    with client(trips) as opened:
        real = Predictor.predict_columns
        monkeypatch.setattr(Predictor, "predict_columns", lambda *given: real(*given) * float("nan"))
        answer = opened.post(GOLDEN)
    assert answer.status_code == 500
    assert "did not predict a finite number" in answer.json()["error"]["message"]


def test_one_that_takes_longer_than_the_apis_own_time_is_504(
    trips: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", timeout_seconds=0.2)
    with client(trips) as opened:
        real = Predictor.predict_columns

        def slow(*given: Any) -> Any:
            time.sleep(1)
            return real(*given)

        monkeypatch.setattr(Predictor, "predict_columns", slow)
        assert opened.post(GOLDEN).status_code == 504


def test_a_store_that_cannot_be_read_is_503(trips: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run(trips)

    def gone(*_: Any) -> Any:
        raise OSError("gone")

    with client(trips) as opened:
        service: PredictionService = opened.app.state.service  # type: ignore[attr-defined]
        monkeypatch.setattr(type(service._features), "read", gone)
        answer = opened.post(GOLDEN)
    assert answer.status_code == 503
    assert "The online store cannot be read (OSError)" in answer.json()["error"]["message"]
