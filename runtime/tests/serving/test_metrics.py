"""What /metrics of a model's API says, of one process and of several."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from trips.fixtures import run
from trips.online_api import INSTANCE, client, predict, put_online

from mlops_runtime.environment import Workspace


def value(text: str, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    assert found, f"no {series} in\n{text}"
    return float(found[1])


def test_requests_predictions_features_and_the_version_in_use_are_counted(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    with client(trips) as opened:
        assert predict(opened, INSTANCE, {**INSTANCE, "shop": "nowhere"}).status_code == 200
        assert predict(opened, {**INSTANCE, "distance": "far"}).status_code == 422
        text = opened.get("/metrics").text
    model = 'model="trip_delay"'
    assert value(text, f'mlops_serving_requests_total{{{model},status="200"}}') == 1
    assert value(text, f'mlops_serving_requests_total{{{model},status="422"}}') == 1
    assert value(text, f'mlops_serving_predictions_total{{{model},version="1"}}') == 2
    assert value(text, f"mlops_serving_prediction_value_count{{{model}}}") == 2
    assert value(text, f'mlops_serving_missing_features_total{{{model},view="shop_load"}}') == 1
    assert value(text, f'mlops_serving_feature_age_seconds_count{{{model},view="shop_load"}}') == 1
    assert value(text, f"mlops_serving_ready{{{model}}}") == 1
    assert value(text, f"mlops_serving_requests_in_flight{{{model}}}") == 0
    assert re.search(r'mlops_serving_model_info\{model="trip_delay",run_id="\w{32}",version="1"\} 1.0', text)


def test_the_latency_histogram_has_a_boundary_at_the_objective(trips: Workspace) -> None:
    run(trips)
    with client(trips) as opened:
        text = opened.get("/metrics").text
    assert 'mlops_serving_request_duration_seconds_bucket{le="0.03",model="trip_delay"}' in text


def test_metrics_stay_in_memory_although_feast_sets_a_folder_for_its_own(trips: Workspace) -> None:
    contract = trips.common / "serving" / "trip_delay.json"
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WORKER, "", str(contract), "2"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert value(found.stdout, 'mlops_serving_requests_total{model="trip_delay",status="200"}') == 2


WORKER = """
import sys
from pathlib import Path
from mlops_runtime import contracts
import fastapi, prometheus_client
from mlops_runtime.serving import metrics, redis_features
contract = contracts.read(contracts.Serving, Path(sys.argv[2]))
of_worker = metrics.ServingMetrics(contract)
for _ in range(int(sys.argv[3])):
    of_worker.answered(200, 0.01)
of_worker.in_flight.inc()
sys.stdout.write(of_worker.exposition().decode())
"""


def test_several_workers_count_together_and_the_gauges_of_a_dead_one_are_forgotten(
    trips: Workspace, tmp_path: Path
) -> None:
    contract = trips.common / "serving" / "trip_delay.json"
    texts = []
    for requests in ("3", "4"):
        environment = {
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        command = [sys.executable, "-c", WORKER, str(tmp_path), str(contract), requests]
        found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        texts.append(found.stdout)
    assert value(texts[1], 'mlops_serving_requests_total{model="trip_delay",status="200"}') == 7
    assert value(texts[1], 'mlops_serving_requests_in_flight{model="trip_delay"}') == 1
