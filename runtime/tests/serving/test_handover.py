"""One real process of an API follows another while callers ask, and may be tried before."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.request import Request, urlopen

from trips import trip_delay
from trips.fixtures import run
from trips.online_api import INSTANCE, PREDICT, put_online, wait_until

from mlops_runtime.environment import Workspace
from mlops_runtime.predictions.folder import folder_of

PORT = 15397
URL = f"http://127.0.0.1:{PORT}"
CALLERS = 4
WORKERS = 1


@contextmanager
def serving(
    trips: Workspace, folder: Path, follows: str | None, tried: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    variables = {"MLOPS_ROOT": str(trips.root), "PYTHONPATH": str(Path(__file__).parents[2])}
    rolling = {"MLOPS_ROLLING_FOLDER": str(folder), "MLOPS_ROLLING_FOLLOWS": follows}
    rolling["MLOPS_ROLLING_TRIED"] = "1" if tried else None
    given = {name: value for name, value in rolling.items() if value is not None}
    command = [sys.executable, "-m", "mlops_runtime", "serve", "trip_delay"]
    process = subprocess.Popen(command, env={**os.environ, **variables, **given}, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def callers() -> Iterator[list[int | str]]:
    """Each has a new connection for each request; what they were answered."""
    answers: list[int | str] = []
    is_over = Event()
    body = json.dumps({"instances": [INSTANCE]}).encode()

    def call() -> None:
        while not is_over.is_set():
            try:
                asked = Request(f"{URL}{PREDICT}", body, {"content-type": "application/json"})
                with urlopen(asked, timeout=120) as answer:
                    answer.read()
                    answers.append(answer.status)
            except OSError as error:
                answers.append(repr(error))

    threads = [Thread(target=call) for _ in range(CALLERS)]
    for each in threads:
        each.start()
    try:
        yield answers
    finally:
        is_over.set()
        for each in threads:
            each.join()


def ask() -> int:
    body = json.dumps({"instances": [INSTANCE]}).encode()
    with urlopen(
        Request(f"{URL}{PREDICT}", body, {"content-type": "application/json"}), timeout=120
    ) as answer:
        return int(answer.status)


def is_ready() -> bool:
    try:
        with urlopen(f"{URL}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def is_blocking(process: subprocess.Popen[bytes]) -> bool:
    """Whether accepting may wait: both have the same socket, and a worker that waits there answers nobody."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    listening = next(each[9] for each in lines if each[1].endswith(f":{PORT:04X}") and each[3] == "0A")
    folder = Path(f"/proc/{process.pid}/fd")
    found = next(each.name for each in folder.iterdir() if str(each.readlink()) == f"socket:[{listening}]")
    flags = Path(f"/proc/{process.pid}/fdinfo/{found}").read_text().split("flags:")[1].split()[0]
    return not int(flags, 8) & os.O_NONBLOCK


def place(folder: Path, process: subprocess.Popen[bytes]) -> Path:
    return next(folder.glob(f"{process.pid}-*"), folder / "none")


def serve_at(trips: Workspace, port: int, **more: Any) -> None:
    path = "local/serving/trip_delay.json"
    trip_delay.change(trips, path, port=port, workers=WORKERS, timeout_seconds=60, **more)


def test_a_process_follows_another_on_its_socket_without_a_lost_request(
    trips: Workspace, tmp_path: Path
) -> None:
    run(trips)
    put_online(trips)
    serve_at(trips, PORT)
    folder = tmp_path / "rolling"
    with ExitStack() as stack:
        first = stack.enter_context(serving(trips, folder, None))
        wait_until(is_ready)
        second = stack.enter_context(serving(trips, folder, place(folder, first).name))
        answers = stack.enter_context(callers())
        wait_until(lambda: len(answers) >= 50)
        wait_until(lambda: (place(folder, second) / "ready").exists())
        accepting = [len(list(place(folder, each).glob("accepting-*"))) for each in (first, second)]
        assert accepting == [WORKERS, 0]
        first.terminate()
        first.wait()
        after = len(answers)
        wait_until(lambda: len(answers) >= after + 50)
    assert {answer for answer in answers if answer != 200} == set()
    files = list(folder_of(trips, "trip_delay").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(files) >= 2
    assert len({json.loads(line)["prediction_id"] for line in lines}) == len(answers)
    print(f"figure: {len(answers)} requests of {CALLERS} callers, 0 lost, each logged once by one of both")


def predictions(trips: Workspace) -> dict[str, int]:
    """Requests answered, by the file that a process logs them in."""
    files = folder_of(trips, "trip_delay").glob("*.jsonl")
    return {each.name: len(each.read_text("utf-8").splitlines()) for each in files}


def test_a_canary_answers_its_share_and_where_it_is_killed_unheard_callers_are_served(
    trips: Workspace, tmp_path: Path
) -> None:
    run(trips)
    put_online(trips)
    serve_at(trips, PORT, rollout={"share": 0.2, "seconds": 3600, "errors": 0.5, "latency_seconds": None})
    folder = tmp_path / "rolling"
    with ExitStack() as stack:
        first = stack.enter_context(serving(trips, folder, None))
        wait_until(is_ready)
        second = stack.enter_context(serving(trips, folder, place(folder, first).name, tried=True))
        wait_until(lambda: (place(folder, second) / "ready").exists())
        assert not is_blocking(first)
        # From then on each fifth connection is passed; what looks at the API's health counts for none.
        wait_until(lambda: ask() == 200 and len(predictions(trips)) == 2)
        before = predictions(trips)
        for _ in range(50):
            assert is_ready()
            assert ask() == 200
        after = predictions(trips)
        assert sorted(after[name] - before[name] for name in after) == [10, 40]
        second.send_signal(signal.SIGSTOP)
        answers = stack.enter_context(callers())
        # Each of the callers waits for the one that has stopped.
        wait_until(lambda: waits(answers))
        second.kill()
        before_it = len(answers)
        wait_until(lambda: len(answers) >= before_it + 50)
        assert not (place(folder, second) / "tried").exists()
    assert {answer for answer in answers if answer != 200} == set()


def waits(answers: list[int | str]) -> bool:
    count = len(answers)
    time.sleep(1)
    return len(answers) == count
