"""The real process of an API: callers who go away or dawdle."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
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


@pytest.fixture
def api(trips: Workspace) -> Iterator[None]:
    run(trips)
    put_online(trips)
    trip_delay.change(trips, "local/serving/trip_delay.json", port=PORT)
    package = Path(__file__).parents[2]
    variables = {**os.environ, "MLOPS_ROOT": str(trips.root), "PYTHONPATH": str(package)}
    command = [sys.executable, "-m", "mlops_runtime", "serve", "trip_delay"]
    process = subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: status("/readyz") == 200)
        yield
    finally:
        process.kill()
        process.wait()


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
