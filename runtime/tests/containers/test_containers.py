from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from trips import repository

from mlops_runtime.containers import entrypoint, environments, healthy
from mlops_runtime.containers.recorder import Record
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.team import overlay

RUNTIME = Path(__file__).resolve().parents[2]


def test_placeholders_become_what_the_secrets_hold_and_are_encoded_in_an_address(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("p@ss/w:rd\n")
    variables = {"A": "${secret:store}=", "B": "x://me:${url:store}@h/${url:store}", "C": "${HOME} $secret"}
    assert entrypoint.filled(variables, tmp_path) == {
        "A": "p@ss/w:rd=",
        "B": "x://me:p%40ss%2Fw%3Ard@h/p%40ss%2Fw%3Ard",
        "C": "${HOME} $secret",
    }


def test_a_secret_that_is_missing_or_empty_is_named_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(
        entrypoint.MissingSecret, match=r"The secret 'store' cannot be read .*: write it to .*/store\."
    ):
        entrypoint.filled({"A": "${secret:store}"}, tmp_path)
    (tmp_path / "store").write_text("\n")
    with pytest.raises(entrypoint.MissingSecret, match=r"'store' is empty"):
        entrypoint.filled({"A": "${secret:store}"}, tmp_path)


def _entrypoint(*command: str, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mlops_runtime.containers.entrypoint", *command],
        env={**os.environ, "PYTHONPATH": str(RUNTIME), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_program_takes_the_entrypoints_place_and_its_status_is_the_containers() -> None:
    process = _entrypoint("sh", "-c", "echo $$; exit 7")
    output, _ = process.communicate(timeout=120)
    assert (int(output), process.returncode) == (process.pid, 7)


def test_a_program_that_is_not_there_is_named() -> None:
    _, errors = (process := _entrypoint("no-such-program")).communicate(timeout=120)
    assert process.returncode == 127
    assert b"cannot run no-such-program" in errors


def test_what_a_recorded_program_prints_goes_on_and_into_the_file(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    process = _entrypoint("sh", "-c", "echo one; echo two >&2; exit 3", MLOPS_LOG=str(log))
    output, _ = process.communicate(timeout=120)
    assert (output, log.read_bytes(), process.returncode) == (b"one\ntwo\n", b"one\ntwo\n", 3)


def test_a_recorded_program_is_told_to_stop_and_its_last_words_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    script = "trap 'echo ending; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    process = _entrypoint("sh", "-c", script, MLOPS_LOG=str(log))
    while not (log.exists() and log.read_bytes()):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert (log.read_text(), process.returncode) == ("ready\nending\n", 0)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    process = _entrypoint("sh", "-c", "echo one; echo two", MLOPS_LOG=str(tmp_path / "missing" / "x.log"))
    output, errors = process.communicate(timeout=120)
    assert (output, process.returncode, errors.count(b"cannot be written")) == (b"one\ntwo\n", 0, 1)


def test_a_log_that_is_too_long_begins_anew_in_its_place(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    record = Record(log, longest=10)
    for line in (b"123456\n", b"abcdef\n", b"new\n"):
        record.write(line)
    assert log.read_bytes() == b"new\n"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/livez" else 503)
        self.end_headers()
        said = {"scheduler": {"status": "healthy"}, "status": self.path.strip("/")}
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_a_service_that_answers_is_healthy_where_it_also_says_what_it_should(address: str) -> None:
    assert healthy.problem(f"{address}/livez") is None
    assert healthy.problem(f"{address}/livez", "scheduler.status=healthy") is None
    assert healthy.problem(f"{address}/readyz") == f"{address}/readyz answers 503."
    found = healthy.problem(f"{address}/livez", "scheduler.status=unhealthy")
    assert found == f"{address}/livez says that scheduler.status is healthy, not unhealthy."
    assert (
        healthy.problem(f"{address}/livez", "other.status=x")
        == f"{address}/livez answers without other.status."
    )


def test_a_service_has_started_once_it_knows_whether_it_is_ready(address: str) -> None:
    def asked(started: str) -> int:
        return healthy.main([f"{address}/livez", "--started", started])

    assert asked(f"{address}/starting") == 1
    assert asked("http://127.0.0.1:9/readyz") == 1
    assert asked(f"{address}/unavailable") == 0
    assert asked(f"{address}/livez") == 0


def test_a_service_that_does_not_answer_is_not_healthy() -> None:
    assert "does not answer" in (healthy.problem("http://127.0.0.1:9/") or "")


def test_an_environment_is_made_once_for_each_lock_and_has_the_platforms_packages_behind_its_own(
    tmp_path: Path,
) -> None:
    trips = _with_lock(tmp_path, "")
    lock = ["own.lock"]
    assert environments.prepare(trips) == {"locks": lock, "made": lock}
    assert environments.prepare(trips) == {"locks": lock, "made": []}
    script = "import mlops_runtime, numpy, sys; print(sys.prefix)"
    python = overlay.python(trips, lock[0])
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(overlay.folder(trips, lock[0]))


def test_an_environment_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    trips = _with_lock(tmp_path, "")
    environments.prepare(trips)
    folder = overlay.folder(trips, "own.lock")
    (folder / "complete").unlink()
    (folder / "left").touch()
    assert environments.prepare(trips)["made"] == ["own.lock"]
    assert not (folder / "left").exists()


def test_packages_that_cannot_be_installed_are_named_by_their_lock(tmp_path: Path) -> None:
    trips = _with_lock(tmp_path, f"./missing-1-py3-none-any.whl --hash=sha256:{'0' * 64}\n")
    with pytest.raises(PlatformError, match=r"The packages of own.lock could not be installed"):
        environments.prepare(trips)


def _with_lock(root: Path, text: str) -> Workspace:
    trips = repository.build(root)
    (root / "own.lock").write_text(text)
    path = root / "generated" / "common" / "runtime" / "pipelines" / "late.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    steps = {"load": {"call": {"kind": "function", "lock": "own.lock"}}}
    path.write_text(json.dumps({"pipeline": "late", "steps": steps}))
    return trips
