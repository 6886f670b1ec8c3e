"""A run keeps the release that it began on; what is parsed follows the current one when Airflow refreshes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, os
from mlops_runtime.environment.bundle import ReleaseBundle

def opened(version=None):
    bundle = ReleaseBundle(name="dags-folder", version=version)
    bundle.initialize()
    return bundle

def told(bundle):
    version = bundle.get_current_version()
    return {
        "version": version and version.version,
        "versioned": bundle.supports_versioning,
        "dag": (bundle.path / "dag.py").read_text(),
        "path": str(bundle.path),
        "root": os.environ["MLOPS_ROOT"],
        "runtime": os.environ.get("PYTHONPATH"),
    }

parser = opened()
found = {"first": told(parser)}
link = os.path.join(os.environ["MLOPS_STATE"], "releases", "current")
os.unlink(link)
os.symlink("b" * 12, link)
found["switched"] = told(parser)
parser.refresh()
found["refreshed"] = told(parser)
found["pinned"] = told(opened("a" * 12))
try:
    opened("c" * 12)
except Exception as error:
    found["gone"] = str(error)
print(json.dumps(found))
"""


def _run(tmp_path: Path) -> dict[str, dict[str, str]]:
    state = tmp_path / "state"
    (state / "airflow").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "MLOPS_STATE": str(state),
            "MLOPS_ROOT": str(tmp_path / "checkout"),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(name="found", scope="module")
def _found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("bundle")
    releases = folder / "state" / "releases"
    for name in ("a", "b"):
        root = releases / (name * 12)
        dags = root / "generated" / "common" / "airflow" / "dags"
        dags.mkdir(parents=True)
        (dags / "dag.py").write_text(name)
        (root / "runtime" / "mlops_runtime").mkdir(parents=True)
    (releases / "current").symlink_to("a" * 12)
    return {**_run(folder), "releases": {"folder": str(releases)}}


def test_what_is_parsed_and_its_version_change_together_when_airflow_refreshes(
    found: dict[str, dict[str, str]],
) -> None:
    assert found["first"]["version"] == "a" * 12
    assert found["first"]["dag"] == "a"
    assert found["switched"] == found["first"]
    assert found["refreshed"]["version"] == "b" * 12
    assert found["refreshed"]["dag"] == "b"
    assert found["refreshed"]["path"] == found["first"]["path"]  # Airflow knows a DAG by the path of its file


def test_a_task_of_an_older_run_runs_on_the_release_that_the_run_began_on(
    found: dict[str, dict[str, str]],
) -> None:
    old = f"{found['releases']['folder']}/{'a' * 12}"
    assert found["pinned"]["dag"] == "a"
    assert found["pinned"]["root"] == old
    assert found["pinned"]["runtime"] == f"{old}/runtime"


def test_a_release_that_is_gone_is_a_sentence(found: dict[str, dict[str, str]]) -> None:
    assert found["gone"] == (
        f"The release {'c' * 12}, on which this run began, is no longer kept. "
        "A new run of the pipeline runs on the current one."
    )


def test_without_a_release_the_checkout_is_read_which_has_no_version(tmp_path: Path) -> None:
    dags = tmp_path / "checkout" / "generated" / "common" / "airflow" / "dags"
    dags.mkdir(parents=True)
    (dags / "dag.py").write_text("checkout")
    state = tmp_path / "state"
    for name in ("a", "b"):
        root = state / "releases" / (name * 12) / "generated" / "common" / "airflow" / "dags"
        root.mkdir(parents=True)
        (root / "dag.py").write_text(name)
    (state / "releases" / "current").symlink_to("nowhere")
    first = _run(tmp_path)["first"]
    assert (first["version"], first["dag"], first["root"]) == (None, "checkout", str(tmp_path / "checkout"))
    assert not first["versioned"], "or Airflow would look through it once, and never again"
