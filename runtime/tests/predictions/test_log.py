"""The prediction log: what is read of it, and how long it is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from trips.monitored import MONITORED, NOW

from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.columns import PREDICTION
from mlops_runtime.predictions.folder import folder_of, forget_old
from mlops_runtime.predictions.reader import PredictionReader


def line(index: int, **rest: Any) -> str:
    stated = {
        "at": "2026-03-09T12:00:00Z",
        "model_version": "1",
        "label_timestamp": None,
        "prediction": index,
    }
    inputs = {"season": 1.0}
    keys = {"driver": "ann", "shop": "north"}
    return json.dumps({**stated, "keys": keys, "request": {"distance": 3}, "inputs": inputs, **rest}) + "\n"


def test_the_log_is_read_as_it_grows_and_a_half_written_line_waits(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    path = folder / "2026-03-09-1.jsonl"
    reader = PredictionReader(trips, MONITORED)
    window = (NOW - timedelta(days=1), NOW)
    assert len(reader.since(*window)) == 0
    path.write_text(line(0) + line(1)[:20])
    assert list(reader.since(*window)[PREDICTION]) == [0]
    path.write_text(line(0) + line(1) + line(2, at="2026-03-01T00:00:00Z"))
    assert list(reader.since(*window)[PREDICTION]) == [0, 1]


def test_of_rows_that_are_scored_again_the_last_counts(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    stated = {"label_timestamp": "2026-03-09T14:00:00Z"}
    (folder / "2026-03-09-1.jsonl").write_text(line(0, **stated) + line(1, **stated) + line(2))
    found = PredictionReader(trips, MONITORED).since(NOW - timedelta(days=1), NOW)
    assert list(found[PREDICTION]) == [1, 2]


def test_predictions_older_than_three_months_are_forgotten(trips: Workspace) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    for name in ("2025-12-01-1.jsonl", "2026-03-01-1.jsonl"):
        (folder / name).touch()
    forget_old(folder, NOW.date())
    assert [path.name for path in folder.iterdir()] == ["2026-03-01-1.jsonl"]
