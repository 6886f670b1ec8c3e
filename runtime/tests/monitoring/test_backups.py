"""The age of the last good backup, and how old it may be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from trips import repository

from mlops_runtime.contracts.environment import Monitor
from mlops_runtime.environment import Workspace
from mlops_runtime.monitoring.backups import show_backups
from mlops_runtime.monitoring.metrics import MonitorMetrics
from mlops_runtime.monitoring.monitor import MONITORS

BEGUN = datetime(2026, 1, 5, 3, 15, tzinfo=UTC)
RECORD = {"id": "x", "at": "2026-01-05T03:15:00.000Z", "folder": "/mnt/backups", "encrypted": True}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    built = repository.build(tmp_path)
    built.state.mkdir(parents=True)
    return built


def shown(workspace: Workspace, metrics: MonitorMetrics) -> tuple[float | None, float | None, float | None]:
    show_backups(workspace, metrics)
    of = metrics.registry.get_sample_value
    last = "mlops_backup_last_timestamp_seconds"
    return (
        of(last, {"encrypted": "true"}),
        of(last, {"encrypted": "false"}),
        of("mlops_backup_within_seconds"),
    )


def test_the_last_backup_is_shown_once_there_is_one_and_only_the_newest(workspace: Workspace) -> None:
    metrics, record = MonitorMetrics(MONITORS), workspace.state / "last-backup.json"
    assert shown(workspace, metrics) == (None, None, 0)
    record.write_text(json.dumps(RECORD), encoding="utf-8")
    assert shown(workspace, metrics) == (BEGUN.timestamp(), None, 0)
    record.write_text(json.dumps({**RECORD, "encrypted": False}), encoding="utf-8")
    assert shown(workspace, metrics) == (None, BEGUN.timestamp(), 0)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "7", '{"at": 7}', '{"at": "never"}', '{"at": null}'])
def test_a_damaged_record_is_none(workspace: Workspace, text: str) -> None:
    metrics, record = MonitorMetrics(MONITORS), workspace.state / "last-backup.json"
    record.write_text(json.dumps(RECORD), encoding="utf-8")
    shown(workspace, metrics)
    record.write_text(text, encoding="utf-8")
    assert shown(workspace, metrics) == (None, None, 0)


def test_how_old_it_may_be_is_what_the_environment_says(workspace: Workspace) -> None:
    monitor = Monitor(host="127.0.0.1", port=9400, backup_within_seconds=86_400)
    stated = workspace.environment.model_copy(update={"monitor": monitor})
    assert shown(replace(workspace, environment=stated), MonitorMetrics(MONITORS))[2] == 86_400
