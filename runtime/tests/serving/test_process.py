"""The real process of an API: callers who go away or dawdle."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from trips import trip_delay
from trips.fixtures import run
from trips.online_api import INSTANCE, PREDICT, put_online, wait_until

from mlops_runtime.environment import Workspace

PORT = 15395
BODY = json.dumps({"instances": [INSTANCE]}).encode()
HEAD = f"POST {PREDICT} HTTP/1.1\r\nhost: api\r\ncontent-type: application/json\r\n".encode()
WHOLE = HEAD + f"content-length: {len(BODY)}\r\n\r\n".encode()
OF_EACH = 20
SLOW = 200

#: What a caller sends before it goes away, and whether it resets the connection.
WAYS: dict[str, tuple[bytes, bool]] = {
    "after the head": (WHOLE, False),
    "in the body": (WHOLE + BODY[: len(BODY) // 2], False),
    "in a chunk": (HEAD + b"transfer-encoding: chunked\r\n\r\n40\r\n" + BODY[:10], False),
    "before the answer": (WHOLE + BODY, False),
    "reset after the head": (WHOLE, True),
    "reset in the body": (WHOLE + BODY[: len(BODY) // 2], True),
    "reset before the answer": (WHOLE + BODY, True),
    "in the head": (HEAD, False),
    "at once": (b"", True),
}
REACHES_US = [way for way in WAYS if way not in ("in the head", "at once")]


#: The process as `mlops_runtime serve` starts it, with smaller limits.
SERVE = """
import sys
from mlops_runtime.__main__ import main
from mlops_runtime.serving import access, server

access.BODY_SECONDS = float(sys.argv.pop(1))
server.CONNECTIONS = int(sys.argv.pop(1))
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def serving(trips: Workspace, command: Sequence[str]) -> Iterator[None]:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", port=PORT)
    package = Path(__file__).parents[2]
    variables = {**os.environ, "MLOPS_ROOT": str(trips.root), "PYTHONPATH": str(package)}
    whole = [sys.executable, *command, "serve", "trip_delay"]
    process = subprocess.Popen(whole, env=variables, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: status("/readyz") == 200)
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def api(trips: Workspace) -> Iterator[None]:
    with serving(trips, ["-m", "mlops_runtime"]):
        yield


def status(path: str, body: bytes | None = None) -> int:
    request = Request(f"http://127.0.0.1:{PORT}{path}", body, {"content-type": "application/json"})
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def counts() -> dict[str, float]:
    """Requests by status."""
    with urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    found = [line for line in lines if line.startswith("mlops_serving_requests_total{")]
    return {line.split('status="')[1][:3]: float(line.rsplit(" ", 1)[1]) for line in found}


def connected() -> socket.socket:
    return socket.create_connection(("127.0.0.1", PORT), timeout=30)


def leave(sent: bytes, reset: bool) -> None:
    caller = connected()
    caller.sendall(sent)
    if reset:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        time.sleep(0.005)
    caller.close()


@pytest.mark.usefixtures("api")
def test_a_caller_that_goes_away_in_any_way_is_no_error() -> None:
    before = counts()
    for sent, reset in WAYS.values():
        for _ in range(OF_EACH):
            leave(sent, reset)

    def by_status() -> dict[str, float]:
        return {each: count - before.get(each, 0) for each, count in counts().items()}

    wait_until(lambda: sum(by_status().values()) >= len(REACHES_US) * OF_EACH * 0.9)
    assert status(PREDICT, BODY) == 200
    found = by_status()
    assert {each for each, count in found.items() if count} <= {"200", "499"}
    assert found["499"] >= 3 * OF_EACH
    print(
        f"figure: {len(WAYS) * OF_EACH} callers who go away in {len(WAYS)} ways: "
        f"{found['499']:.0f} are 499, {found['200'] - 1:.0f} were answered before, 0 are errors"
    )


@pytest.mark.usefixtures("api")
def test_200_slow_callers_keep_nobody_out_and_are_let_go() -> None:
    slow = [connected() for _ in range(SLOW)]
    for number, caller in enumerate(slow):
        caller.sendall(HEAD[: number % len(HEAD)])
    assert [status(PREDICT, BODY) for _ in range(20)] == [200] * 20
    for caller in slow:
        caller.settimeout(60)
        assert caller.recv(1) == b""
        caller.close()
    assert status(PREDICT, BODY) == 200


def answer_of(caller: socket.socket) -> bytes:
    """All that the caller is sent until it is let go."""
    caller.settimeout(60)
    return b"".join(iter(lambda: caller.recv(65536), b""))


def test_a_body_that_does_not_come_to_its_end_is_let_go_and_is_no_error_of_ours(trips: Workspace) -> None:
    with serving(trips, ["-c", SERVE, "1", "800"]):
        before = counts()
        slow = [connected() for _ in range(50)]
        for caller in slow:
            caller.sendall(WHOLE.replace(b"host: api\r\n", b"host: api\r\nconnection: close\r\n") + BODY[:10])
        assert [status(PREDICT, BODY) for _ in range(20)] == [200] * 20
        answers = [answer_of(caller) for caller in slow]
        assert {each.split(b" ", 2)[1] for each in answers} == {b"408"}
        assert all(b"The body was not complete within 1 s." in each for each in answers)
        found = {each: count - before.get(each, 0) for each, count in counts().items()}
        assert {each: count for each, count in found.items() if count} == {"200": 20, "408": 50}
        print("figure: 50 bodies that never end: 50 are 408, 20 predictions beside them 200")


def test_callers_beyond_the_limit_are_told_to_come_again_and_the_others_are_answered(
    trips: Workspace,
) -> None:
    with serving(trips, ["-c", SERVE, "300", "20"]):
        before = counts()
        waiting = [reading() for _ in range(19)]  # with the one that asks, it is the limit
        refused = [status(PREDICT, BODY) for _ in range(11)]
        for caller in waiting:
            caller.sendall(BODY)
        answered = [caller.recv(65536).split(b" ", 2)[1] for caller in waiting]
        for caller in waiting:
            caller.close()
        wait_until(lambda: status("/readyz") == 200)
        assert (refused, answered) == ([503] * 11, [b"200"] * 19)
        assert status(PREDICT, BODY) == 200
        found = {each: count - before.get(each, 0) for each, count in counts().items()}
        assert {each for each, count in found.items() if count} == {"200"}
        print("figure: of 30 callers at a limit of 20, 19 are answered, others told 503 at once")


def reading() -> socket.socket:
    """A caller whose body is being read, as the answer to `expect` says."""
    caller = connected()
    caller.sendall(WHOLE.replace(b"\r\n\r\n", b"\r\nexpect: 100-continue\r\n\r\n"))
    assert caller.recv(65536).startswith(b"HTTP/1.1 100 ")
    return caller
