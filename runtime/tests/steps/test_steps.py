from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trips import repository, trip_delay

from mlops_runtime import steps
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import Lasting, PlatformError
from mlops_runtime.tables import warehouse

RUNTIME = Path(__file__).resolve().parents[2]
CODE = """
import pandas as pd

def load(context, rows):
    print("loading")
    context.logger.info("from %s", context.connections["warehouse"]["url"])
    return pd.DataFrame({
        "scheduled_at": pd.date_range(context.interval_start, periods=rows, freq="h"),
        "shop": "a", "driver": "x", "distance": 3, "delay": range(rows),
    })

def late(trips):
    return trips[trips["delay"] > 1]

def python():
    import sys
    return pd.DataFrame({"executable": [sys.executable]})
"""


@pytest.fixture
def trips(tmp_path: Path) -> Workspace:
    workspace = repository.build(
        tmp_path, {"MLOPS_SECRET_WAREHOUSE": "hush", "MLOPS_INTERVAL_START": "2026-01-01T00:00:00Z"}
    )
    (tmp_path / "code.py").write_text(CODE)
    call = repository.function_call
    ingest = {"call": call("code.py", "load", {"rows": 4}), "writes": ["trips"], "connections": ["warehouse"]}
    repository.add_pipeline(
        workspace,
        {
            "ingest": ingest,
            "late": {"call": call("code.py", "late"), "reads": ["trips"], "writes": ["late_trips"]},
            "own": {"call": call("code.py", "python", lock="uv.lock"), "writes": ["late_trips"]},
        },
    )
    return workspace


def run(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **workspace.variables, "PYTHONPATH": str(RUNTIME)}
    command = [sys.executable, "-m", "mlops_runtime", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_a_step_reads_calls_and_publishes(trips: Workspace) -> None:
    steps.run(trips, "trips", "ingest")
    evidence = steps.run(trips, "trips", "late")
    assert evidence["read"]["trips"]["rows"] == 4
    assert evidence["written"]["late_trips"]["rows"] == 2
    assert evidence["written"]["late_trips"]["digest"] == warehouse.current(trips, "late_trips").digest
    assert warehouse.current(trips, "late_trips").published_by == "trips.late"


def test_the_last_line_on_standard_output_is_the_evidence(trips: Workspace) -> None:
    (trips.root / "code.py").write_text(f"import atexit\natexit.register(print, 'leaving')\n{CODE}")
    done = run(trips, "step", "trips", "ingest")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["written"]["trips"]["rows"] == 4
    assert "loading" in done.stderr and "leaving" in done.stderr
    assert "from postgresql://db/trips" in done.stderr


def test_a_failure_is_one_sentence_and_status_1(trips: Workspace) -> None:
    done = run(trips, "step", "trips", "ingst")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The pipeline 'trips' (pipelines/trips/pipeline.yaml) has no step 'ingst'; did you mean 'ingest'?\n"
    )


def test_a_step_with_a_lock_of_its_own_needs_its_environment(trips: Workspace) -> None:
    (trips.root / "uv.lock").write_text("pandas==2.3.3\n")
    done = run(trips, "step", "trips", "own")
    assert done.returncode == 1
    assert (
        "There is no Python environment for uv.lock" in done.stderr and "`mlops up` creates it" in done.stderr
    )


def test_a_step_with_a_lock_of_its_own_runs_under_its_python(trips: Workspace) -> None:
    lock = trips.root / "uv.lock"
    lock.write_text("pandas==2.3.3\n")
    overlay = trips.envs / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    (overlay / "bin").mkdir(parents=True)
    python = overlay / "bin" / "python"
    python.write_text(f'#!/bin/sh\nMARK=overlay exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (trips.root / "code.py").write_text(CODE.replace("sys.executable", "__import__('os').environ['MARK']"))
    done = run(trips, "step", "trips", "own")
    assert done.returncode == 0, done.stderr
    assert warehouse.read(trips, "late_trips")["executable"].tolist() == ["overlay"]


def test_an_interval_that_is_no_time_is_a_sentence(trips: Workspace) -> None:
    broken = Workspace.open({**trips.variables, "MLOPS_INTERVAL_START": "yesterday"})
    with pytest.raises(
        PlatformError, match="MLOPS_INTERVAL_START is 'yesterday', which is not an ISO 8601 time"
    ):
        steps.run(broken, "trips", "ingest")


def test_a_full_disk_is_a_sentence(trips: Workspace) -> None:
    folder = trips.warehouse / "snapshots" / "trips"
    folder.mkdir(parents=True)
    (folder / ".draft").symlink_to("/dev/full")
    done = run(trips, "step", "trips", "ingest")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The disk is full (")


def test_a_day_in_the_zone_of_the_pipeline_is_replaced_by_its_own_run_only(tmp_path: Path) -> None:
    code = """
import pandas as pd

def load(context, rows):
    hours = pd.date_range(context.interval_start, periods=rows, freq="h")
    return pd.DataFrame({"day": hours, "hour": range(rows)})
"""
    (tmp_path / "code.py").write_text(code)

    def run_of(day: int, rows: int = 24) -> int:
        bounds = {
            "MLOPS_INTERVAL_START": f"2026-01-0{day}T05:00Z",
            "MLOPS_INTERVAL_END": f"2026-01-0{day + 1}T05:00Z",
        }
        workspace = repository.build(tmp_path, bounds)
        call = repository.function_call("code.py", "load", {"rows": rows})
        step = {"call": call, "writes": ["late_trips"], "mode": "overwrite_partition", "partition": "day"}
        repository.add_pipeline(workspace, {"load": step}, timezone="America/New_York")
        return int(steps.run(workspace, "trips", "load")["written"]["late_trips"]["rows"])

    assert [run_of(1), run_of(2), run_of(1), run_of(1, rows=0), run_of(2)] == [24, 48, 48, 24, 24]


def test_a_trial_publishes_nothing_and_says_what_came_of_it(trips: Workspace) -> None:
    done = run(trips, "trial", "trips", "late")
    assert done.returncode == 1 and "`--rows 100` tries the step on made-up rows" in done.stderr
    tried = run(trips, "trial", "trips", "ingest")
    assert tried.returncode == 0, tried.stderr
    assert "written  trips: 4 rows" in tried.stdout and "Nothing is published" in tried.stdout
    with pytest.raises(PlatformError, match="was never published"):
        warehouse.current(trips, "trips")
    assert "read     trips: 30 rows" in run(trips, "trial", "trips", "late", "--rows", "30").stdout
    assert "It is published." in run(trips, "trial", "trips", "ingest", "--publish").stdout
    assert warehouse.current(trips, "trips").rows == 4
    assert "read     trips: 4 rows" in run(trips, "trial", "trips", "late").stdout


BY_DATA, BY_CODE, AWAY = "trips['nothing']", "nothing", "raise ConnectionError('away')"


@pytest.mark.parametrize(
    ("reads", "body", "lasts"),
    [
        (["trips"], BY_DATA, True),
        (["trips"], BY_CODE, True),
        (["trips"], "return trips[['shop']]", True),
        (["trips"], "return 1", True),
        (["trips"], AWAY, False),
        (["trips"], "import json\n    raise json.JSONDecodeError('x', 'x', 0)", True),
        ([], "{}['nothing']", False),
        ([], BY_CODE, True),
        ([], "import pandas\n    return pandas.DataFrame({'a': [1]})", False),
    ],
)
def test_only_what_another_try_cannot_mend_lasts(
    workspace: Workspace, reads: list[str], body: str, lasts: bool
) -> None:
    warehouse.publish(workspace, "trips", trip_delay.trips(), "trips.test")
    call = repository.function_call("pipelines/trips/late.py", "late")
    writes = "shop_load" if "shop" in body or "pandas" in body else "late_trips"
    repository.add_pipeline(workspace, {"late": {"reads": reads, "writes": [writes], "call": call}})
    code = workspace.root / "pipelines/trips/late.py"
    code.parent.mkdir(parents=True)
    code.write_text(f"def late({', '.join(reads)}):\n    {body}\n", encoding="utf-8")
    with pytest.raises(PlatformError) as found:
        steps.run(workspace, "trips", "late")
    assert isinstance(found.value, Lasting) is lasts, found.value
    assert found.value.exit_code == (65 if lasts else 1)
