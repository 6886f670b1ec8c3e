"""One real process of an API follows another while callers ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
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
def serving(trips: Workspace, folder: Path, follows: str | None) -> Iterator[subprocess.Popen[bytes]]:
    variables = {"MLOPS_ROOT": str(trips.root), "PYTHONPATH": str(Path(__file__).parents[2])}
    rolling = {"MLOPS_ROLLING_FOLDER": str(folder), "MLOPS_ROLLING_FOLLOWS": follows}
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


def is_ready() -> bool:
    try:
        with urlopen(f"{URL}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def place(folder: Path, process: subprocess.Popen[bytes]) -> Path:
    return next(folder.glob(f"{process.pid}-*"), folder / "none")


def test_a_process_follows_another_on_its_socket_without_a_lost_request(
    trips: Workspace, tmp_path: Path
) -> None:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", port=PORT, workers=WORKERS, timeout_seconds=60)
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
