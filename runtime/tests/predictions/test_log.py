"""The prediction log: what is read of it, and how much is kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from trips import trip_delay
from trips.monitored import MONITORED, NOW

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.columns import PREDICTION
from mlops_runtime.predictions.folder import folder_of, make_room
from mlops_runtime.predictions.online import LOOKS, Answered, PredictionLog
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


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("keep_days", "max_bytes", "left", "has_room"),
    [
        (92, 1000, ["2026-02-01-1", "2026-03-09-1", "2026-03-09-2", "2026-03-10-1"], True),
        (30, 1000, ["2026-03-09-1", "2026-03-09-2", "2026-03-10-1"], True),
        (92, 401, ["2026-02-01-1", "2026-03-09-1", "2026-03-09-2", "2026-03-10-1"], True),
        (92, 400, ["2026-03-09-1", "2026-03-09-2", "2026-03-10-1"], True),
        (92, 250, ["2026-03-09-2", "2026-03-10-1"], True),
        (92, 100, ["2026-03-10-1"], False),
        (1, 100, ["2026-03-10-1"], False),
    ],
)
def test_of_the_log_as_many_days_and_bytes_are_kept_as_are_stated_and_today_always(
    trips: Workspace, keep_days: int, max_bytes: int, left: list[str], has_room: bool
) -> None:
    folder = folder_of(trips, "trip_delay")
    folder.mkdir(parents=True)
    for name in ("2025-12-01-1", "2026-02-01-1", "2026-03-09-1", "2026-03-09-2", "2026-03-10-1"):
        (folder / name).write_bytes(b"." * 100)
    limits = contracts.LogLimits(keep_days=keep_days, max_bytes=max_bytes)
    assert make_room(folder, NOW.date(), limits) is has_room
    assert kept(folder) == left


def test_whoever_calls_cannot_make_the_log_larger_than_it_may_be(
    trips: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    lost: list[int] = []
    limits = {"log": {"keep_days": 92, "max_bytes": 100_000}}
    stated = json.dumps(trip_delay.serving() | limits)
    log = PredictionLog(trips, contracts.Serving.model_validate_json(stated), lost.append)
    folder = folder_of(trips, "trip_delay")

    def call(day: datetime) -> None:
        instance = {"driver": "d" * 1000, "shop": "s", "distance": 1, "scheduled_at": None}
        columns = {each["input"]: [1.0] for each in trip_delay.serving()["features"]}
        log.write(Answered("id", day.timestamp(), "1", "run"), [instance], columns, [[]], [1.0])

    def size() -> int:
        return sum(path.stat().st_size for path in folder.iterdir())

    for _ in range(300):
        call(NOW)
    line_bytes = size() // (300 - len(lost))
    assert 100_000 <= size() < 100_000 + 100_000 / LOOKS + line_bytes
    assert len(lost) == 300 - size() // line_bytes
    said = [record.message for record in caplog.records if "cannot be logged" in record.message]
    assert len(said) == 1 and "monitoring.log.max_size" in said[0]
    first = kept(folder)
    call(NOW + timedelta(days=1))
    assert [name[:10] for name in kept(folder)] == ["2026-03-11"] and first[0].startswith("2026-03-10")
    before = len(lost)
    for _ in range(50):
        call(NOW + timedelta(days=1))
    assert len(lost) == before
