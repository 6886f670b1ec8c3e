"""What `metrics.json` says that labels can be is what the services set."""

from __future__ import annotations

import json
from pathlib import Path

import mlops_runtime
from mlops_runtime.monitoring.monitor import MONITORS
from mlops_runtime.monitoring.pipelines import RESULTS
from mlops_runtime.streaming.metrics import Metrics

LABELS = json.loads((Path(mlops_runtime.__file__).parent / "metrics.json").read_text("utf-8"))["labels"]


def test_the_few_values_of_a_label_are_those_that_the_services_set() -> None:
    assert LABELS["monitor"]["values"] == list(MONITORS)
    assert LABELS["result"]["values"] == list(RESULTS)
    metrics = Metrics("clicks")
    assert LABELS["outcome"]["values"] == list(metrics.records)
    assert LABELS["store"]["values"] == list(metrics.store_errors)
