"""The fixtures of a team's tests, used by a team: without a server, and without anything from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from trips import repository

RUNTIME = Path(__file__).resolve().parents[2]
CODE = """
import pandas as pd

import helper

def load(context, rows):
    context.logger.info(context.connections["warehouse"]["password"])
    return pd.DataFrame({
        "scheduled_at": pd.date_range(context.interval_start, periods=rows, freq="h"),
        "shop": "a", "driver": "x", "distance": helper.DISTANCE, "delay": range(rows),
    })

def late(trips):
    return trips[trips["delay"] > 1]

def age(context):
    return context.now().isoformat(), context.connections
"""
TESTS = """
import pytest
from mlops_runtime.errors import PlatformError

def test_a_step_runs_on_what_was_published(run_step, tables, secrets, caplog):
    secrets["warehouse"] = "hush"
    with caplog.at_level("INFO"):
        run_step("trips", "ingest", interval_start="2026-01-01")
    assert "hush" in caplog.text
    assert len(tables["trips"]) == 4 and str(tables["trips"]["scheduled_at"].min()).startswith("2026-01-01")
    run_step("trips", "late")
    assert list(tables["late_trips"]["delay"]) == [2.0, 3.0]

def test_each_test_begins_with_nothing(run_step, tables):
    with pytest.raises(KeyError, match="'trips' was not published"):
        tables["trips"]
    with pytest.raises(PlatformError, match="secret 'warehouse' is not set"):
        run_step("trips", "ingest", interval_start="2026-01-01")

def test_rows_are_made_up_by_the_contract(run_step, tables, clock):
    clock.set("2026-05-01T10:00")
    tables["trips"] = tables.sample("trips", 30)
    rows = tables["trips"]
    assert len(rows) == 30 and set(tables) == {"trips"}
    assert list(rows.columns) == [column.name for column in tables.contract("trips").columns]
    assert str(rows["scheduled_at"].max()) == "2026-05-01 10:00:00+00:00"
    assert run_step("trips", "late")["written"]["late_trips"]["rows"] > 0

def test_what_breaks_a_contract_is_not_published(tables):
    with pytest.raises(PlatformError, match="lacks 'delay'"):
        tables["trips"] = tables.sample("trips").drop(columns="delay")

def test_a_function_gets_the_present_and_connections(team_module, context, clock, connections):
    clock.set("2026-01-31T06:00Z")
    connections["desk"] = {"url": "https://desk.example.com"}
    assert team_module("code.py").age(context) == (
        "2026-01-31T06:00:00+00:00", {"desk": {"url": "https://desk.example.com"}}
    )

def test_an_interval(make_context):
    context = make_context(interval_start="2026-01-01", interval_end="2026-01-02T00:00+01:00")
    assert (context.interval_end - context.interval_start).total_seconds() == 23 * 3600
"""


def test_they_do_what_is_documented(tmp_path: Path) -> None:
    workspace = repository.build(tmp_path)
    call = repository.function_call
    ingest = {
        "call": call("a/code.py", "load", {"rows": 4}),
        "writes": ["trips"],
        "connections": ["warehouse"],
    }
    late = {"call": call("a/code.py", "late"), "reads": ["trips"], "writes": ["late_trips"]}
    repository.add_pipeline(workspace, {"ingest": ingest, "late": late})
    files = {
        "a/code.py": CODE,
        "a/helper.py": "DISTANCE = 3\n",
        "a/test_code.py": TESTS,
        "b/helper.py": "DISTANCE = 4\n",
        "b/test_helper.py": 'def test_own(team_module):\n    assert team_module("helper.py").DISTANCE == 4\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    variables = {**os.environ, "MLOPS_ROOT": str(tmp_path), "PYTHONPATH": str(RUNTIME)}
    # What the shell has set for a platform that runs reaches no test.
    variables |= {"MLOPS_SECRET_WAREHOUSE": "outside", "MLOPS_NOW": "1999-01-01"}
    options = [
        "-q",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "-p",
        "mlops_runtime.testing.plugin",
    ]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), "a", "b"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert "7 passed" in done.stdout, done.stdout + done.stderr
    assert not (tmp_path / ".mlops").exists()
