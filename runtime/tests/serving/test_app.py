from __future__ import annotations

import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from trips import trip_delay
from trips.fixtures import run
from trips.online_api import GOLDEN, INSTANCE, PREDICT, client, predict, put_online

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.logs.ecs import EcsFormatter
from mlops_runtime.predictions.folder import folder_of
from mlops_runtime.serving import app
from mlops_runtime.serving.batching import Answer, Job
from mlops_runtime.serving.requests import request_type, values_of
from mlops_runtime.serving.service import MissingFeatures, PredictionService


def test_a_prediction_is_made_from_online_features_and_names_the_version(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    with client(trips) as opened:
        answer = predict(opened, INSTANCE, {**INSTANCE, "distance": 30})
    body = answer.json()
    assert answer.status_code == 200
    assert body["missing_features"] == [[], []]
    assert (body["model_name"], body["model_version"]) == ("trip_delay", "1")
    assert body["predictions"][1] - body["predictions"][0] == pytest.approx(10, abs=0.5)
    assert answer.headers["x-model-version"] == "1"
    assert answer.headers["x-request-id"] == body["request_id"]


def test_a_feature_older_than_its_ttl_counts_as_missing(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        without = predict(opened).json()["predictions"]
        put_online(trips, age="3d", mean_wait=500.0)
        assert predict(opened).json()["predictions"] == without
        put_online(trips, age="1min", mean_wait=500.0)
        assert predict(opened).json()["predictions"] != without


def test_under_the_policy_reject_the_instance_and_its_missing_features_are_named(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", missing_features="reject")
    with client(trips) as opened:
        answer = predict(opened, INSTANCE, {**INSTANCE, "shop": "nowhere"})
    [problem] = answer.json()["error"]["details"]
    assert answer.status_code == 422
    assert problem["field"] == "instances/1"
    assert "shop_load__mean_wait, shop_load__orders" in problem["message"]


def test_an_answer_says_which_features_it_was_made_without(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    with client(trips) as opened:
        answer = predict(opened, INSTANCE, {**INSTANCE, "shop": "nowhere"}).json()
    assert answer["missing_features"] == [[], ["shop_load__mean_wait", "shop_load__orders"]]
    [file] = folder_of(trips, "trip_delay").iterdir()
    assert [json.loads(line)["missing"] for line in file.read_text().splitlines()] == answer[
        "missing_features"
    ]


def test_an_instance_that_lacks_more_features_than_the_policy_allows_is_refused(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", max_missing=0.5)
    with client(trips) as opened:
        one = predict(opened, {**INSTANCE, "driver": "nobody"})
        two = predict(opened, INSTANCE, {**INSTANCE, "shop": "nowhere"})
    assert one.json()["missing_features"] == [["driver_state__last_delay"]]
    assert two.status_code == 422
    assert "does not predict where more than 1 of them are" in two.json()["error"]["message"]
    assert [problem["field"] for problem in two.json()["error"]["details"]] == ["instances/1"]


def test_a_body_that_does_not_fit_is_422_with_the_field(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        answer = predict(opened, {**INSTANCE, "distance": "far"})
        broken = opened.post(PREDICT, content=b'{"instances"')
    assert answer.status_code == broken.status_code == 422
    assert answer.json()["error"]["details"][0]["field"] == "instances/0/distance"
    assert "not valid JSON" in broken.json()["error"]["details"][0]["message"]


def test_a_key_of_megabytes_is_422_before_anything_is_looked_up_or_logged(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        answer = predict(opened, {**INSTANCE, "shop": "s" * 4_000_000})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"] == [
        {"field": "instances/0/shop", "message": "string should have at most 1000 characters"}
    ]
    assert len(answer.content) < 1000
    assert not folder_of(trips, "trip_delay").exists()


def test_a_body_beyond_any_use_is_413(trips: Workspace) -> None:
    with client(trips, ready=False) as opened:
        assert opened.post(PREDICT, content=b" " * 5_000_000).status_code == 413


def test_the_metadata_tells_version_signature_and_features(trips: Workspace) -> None:
    run_id = run(trips)["mlflow_run_id"]
    with client(trips) as opened:
        told = opened.get("/v1/models/trip_delay").json()
        documented = opened.get("/openapi.json").json()["paths"]
    assert (told["model_version"], told["mlflow_run_id"]) == ("1", run_id)
    assert [column["name"] for column in told["signature"]["inputs"]] == [
        field["name"] for field in trip_delay.INPUTS
    ]
    assert [feature["view"] for feature in told["features"]] == ["driver_state", "shop_load", "shop_load"]
    assert set(documented) == {"/livez", "/readyz", "/v1/models/trip_delay", PREDICT, GOLDEN}
    source = Path(app.__file__).read_text("utf-8").split("def _add_golden")
    for path, answers in zip((PREDICT, GOLDEN), source, strict=True):
        failures = set(re.findall(r"_failed\(request, (\d+)", answers))
        assert len(failures) > 2
        assert set(documented[path]["post"]["responses"]) == {"200"} | failures


@pytest.mark.parametrize(
    ("proxy", "more"), [(None, set()), ({"keys": False}, {"429"}), ({"keys": True}, {"401", "429"})]
)
def test_openapi_has_what_the_proxy_answers_where_there_is_one(
    trips: Workspace, proxy: dict[str, bool] | None, more: set[str]
) -> None:
    trip_delay.change(trips, "local/serving/trip_delay.json", proxy=proxy)
    with client(trips, ready=False) as opened:
        paths = opened.get("/openapi.json").json()["paths"]
    assert set(paths[PREDICT]["post"]["responses"]) & {"401", "429"} == more
    # No caller reaches it.
    assert not set(paths[GOLDEN]["post"]["responses"]) & {"401", "429"}


SLOW = """
import time


class Slow:
    def predict(self, X):
        time.sleep(1 if len(X) == 2 else 0)
        return X["distance"] / 2 + 10


def fit(X, y):
    return Slow()
"""


def test_a_prediction_that_takes_too_long_is_504(trips: Workspace) -> None:
    trip_delay.write_fit(trips.root, SLOW)
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", train__pickle=True)
    run(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", timeout_seconds=0.5)
    with client(trips) as opened:
        assert predict(opened, INSTANCE, INSTANCE).status_code == 504
        assert predict(opened).status_code == 200


def test_a_caller_that_goes_away_is_counted_as_499_and_its_time_as_nobodys(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        app = opened.app
        before = sample(opened, "mlops_serving_request_duration_seconds_count")
        for messages in (
            [{"type": "http.request", "body": b'{"inst', "more_body": True}, {"type": "http.disconnect"}],
            [{"type": "http.disconnect"}],
        ):
            waiting, sent = iter(messages), []

            async def receive(waiting: Any = waiting) -> Any:
                return next(waiting)

            async def send(message: Any, sent: Any = sent) -> None:
                sent.append(message)

            scope = {"type": "http", "method": "POST", "path": PREDICT, "headers": [], "query_string": b""}
            opened.portal.call(app, scope, receive, send)
            assert sent == []
        assert sample(opened, 'mlops_serving_requests_total{model="trip_delay",status="499"') == 2
        assert sample(opened, 'mlops_serving_requests_total{model="trip_delay",status="500"') == 0
        assert sample(opened, "mlops_serving_request_duration_seconds_count") == before


def sample(opened: Any, name: str) -> float:
    """Of the first metric whose line begins like that; 0 where there is none."""
    lines = opened.get("/metrics").text.splitlines()
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name)), 0.0)


def test_each_request_is_one_ecs_line_without_its_body(
    trips: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    run(trips)
    with client(trips) as opened, caplog.at_level(logging.INFO, "mlops_runtime.serving"):
        opened.post(PREDICT, json={"instances": [INSTANCE]}, headers={"x-request-id": "abc-1"})
    [record] = [record for record in caplog.records if hasattr(record, "ecs")]
    line = json.loads(EcsFormatter("serving-trip_delay").format(record))
    assert line["labels"] == {"model": "trip_delay", "model_version": "1"}
    assert (line["http.response.status_code"], line["http.request.id"]) == (200, "abc-1")
    assert line["service.name"] == "serving-trip_delay"
    assert "north" not in json.dumps(line)


def test_a_registry_that_is_gone_is_a_reason_not_to_be_ready(trips: Workspace) -> None:
    trip_delay.change(
        trips, "local/runtime/environment.json", mlflow={"tracking_uri": "http://127.0.0.1:15198"}
    )
    service = PredictionService(Workspace.open({"MLOPS_ROOT": str(trips.root)}), "trip_delay")
    service.refresh()
    assert "MLflow does not answer at http://127.0.0.1:15198" in (service.unready() or "")
    assert not service.waits_for_champion


def test_requests_that_wait_together_are_answered_together_each_with_its_own(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", missing_features="reject")
    bad = {**INSTANCE, "shop": "nowhere"}
    sent = [[INSTANCE], [bad], [{**INSTANCE, "distance": 90}, INSTANCE]]
    with client(trips) as opened:
        service: PredictionService = opened.app.state.service  # type: ignore[attr-defined]
        loop = asyncio.new_event_loop()
        jobs = [Job(f"r{index}", rows, loop.create_future()) for index, rows in enumerate(sent)]
        first, refused, two = service.predict(jobs)
        loop.close()
        alone = predict(opened, INSTANCE).json()["predictions"]
    assert isinstance(first, Answer) and isinstance(two, Answer) and isinstance(refused, MissingFeatures)
    assert first.predictions == [two.predictions[1]] == alone
    assert refused.problems[0].field == "instances/0"


def test_every_prediction_is_logged_with_what_it_was_made_from(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    with client(trips) as opened:
        answer = predict(opened, INSTANCE, {**INSTANCE, "scheduled_at": "2026-03-01T12:00:00+01:00"}).json()
    [file] = folder_of(trips, "trip_delay").iterdir()
    first, second = (json.loads(line) for line in file.read_text().splitlines())
    assert first["prediction_id"] == f"{answer['request_id']}/0"
    assert first["prediction"] == answer["predictions"][0]
    assert first["keys"] == {"driver": "ann", "shop": "north"}
    assert first["request"] == {"distance": 10}
    assert first["inputs"] == {
        "driver_state__last_delay": 3.0,
        "shop_load__mean_wait": 20.0,
        "shop_load__orders": 40,
    }
    assert (first["model_version"], first["label_timestamp"]) == ("1", None)
    assert second["label_timestamp"] == "2026-03-01T12:00:00+01:00"


def test_a_prediction_that_cannot_be_logged_is_given_and_counted(trips: Workspace) -> None:
    run(trips)
    folder = folder_of(trips, "trip_delay")
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    with client(trips) as opened:
        assert predict(opened).status_code == 200
        text = opened.get("/metrics").text
    assert 'mlops_serving_prediction_log_errors_total{model="trip_delay"} 1.0' in text


def test_an_unknown_path_and_another_method_fail_in_the_form_of_every_failure(trips: Workspace) -> None:
    with client(trips, ready=False) as opened:
        unknown, method = opened.get("/v1/models/other"), opened.get(PREDICT)
    assert (unknown.status_code, method.status_code) == (404, 405)
    for answer in (unknown, method):
        assert set(answer.json()) == {"error", "request_id"}
        assert "/openapi.json" in answer.json()["error"]["message"]
    assert method.headers["allow"] == "POST"


def test_a_masked_value_stands_in_no_log_of_predictions(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    contract = trip_delay.serving()
    request = [{**contract["request"][0], "mask": "drop"}]
    features = [{**contract["features"][0], "mask": "hash"}, *contract["features"][1:]]
    trip_delay.change(trips, "common/serving/trip_delay.json", request=request, features=features)
    with client(trips) as opened:
        assert predict(opened).status_code == 200
    [path] = (trips.state / "predictions" / "trip_delay").glob("*.jsonl")
    line = json.loads(path.read_text().splitlines()[0])
    assert line["request"] == {"distance": None}
    assert re.fullmatch("[0-9a-f]{16}", line["inputs"][features[0]["input"]])


def test_a_field_that_may_be_null_is_a_missing_value() -> None:
    contract = trip_delay.serving()
    request = [{**contract["request"][0], "type": "float64", "nullable": True}]
    serving = contracts.Serving.model_validate_json(json.dumps({**contract, "request": request}))
    body = request_type(serving).model_validate({"instances": [{**INSTANCE, "distance": None}]})
    assert values_of(body.instances[0])["distance"] is None
    with pytest.raises(ValidationError):
        request_type(contracts.Serving.model_validate_json(json.dumps(contract))).model_validate(
            {"instances": [{**INSTANCE, "distance": None}]}
        )
