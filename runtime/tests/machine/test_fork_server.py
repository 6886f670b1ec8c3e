"""Calls answered by forks of one process, through its standard input and output."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SERVER = """
import json, os, sys, time
from pathlib import Path
from mlops_runtime.machine import fork_server

prepared = []

def wait(path):
    while not Path(path).exists():
        time.sleep(0.01)

def run(words):
    sys.stdout = sys.__stdout__
    match words:
        case ["echo"]:
            print(sys.stdin.read(), end="")
        case ["change"]:
            os.environ["CHANGED"] = "yes"
            prepared.append("of a call")
        case ["tell"]:
            print(json.dumps([os.environ.get("CHANGED"), prepared, os.getppid()]))
        case ["wait", path]:
            wait(path)
        case ["wait then write", path, done]:
            wait(path)
            Path(done).write_text("done")
        case ["fail"]:
            print("why it failed", file=sys.stderr)
            return 3
        case ["raise"]:
            raise ValueError("unforeseen")
        case ["kill"]:
            os.kill(os.getpid(), 9)
    return 0

sys.exit(fork_server.serve(lambda words: prepared.append(words[0]), run))
"""


class Server:
    def __init__(self, folder: Path) -> None:
        self.log = folder / "call.log"
        self._calls = 0
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, *words: str, given: str = "") -> int:
        self._calls += 1
        call = {"id": self._calls, "words": words, "input": given, "log": str(self.log)}
        assert self.process.stdin
        self.process.stdin.write(f"{json.dumps(call)}\n".encode())
        self.process.stdin.flush()
        return self._calls

    def next(self) -> dict[str, Any]:
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def __call__(self, *words: str, given: str = "") -> dict[str, Any]:
        number = self.ask(*words, given=given)
        answer = self.next()
        assert answer["id"] == number
        return answer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    yield one
    assert one.process.stdin and one.process.stdout
    one.process.stdin.close()
    assert one.process.wait() == 0
    one.process.stdout.close()


def test_what_is_given_comes_back_whole_however_long(server: Server) -> None:
    text = "ü" * 3_000_000
    assert server("echo", given=text)["output"] == text


def test_a_call_changes_nothing_for_the_next(server: Server) -> None:
    server("change")
    told = server("tell")["output"]
    assert json.loads(told) == [None, ["change", "tell"], server.process.pid]


def test_calls_run_side_by_side(server: Server, tmp_path: Path) -> None:
    waiting = server.ask("wait", str(tmp_path / "sign"))
    assert server("echo", given="meanwhile")["output"] == "meanwhile"
    (tmp_path / "sign").touch()
    assert server.next()["id"] == waiting


def test_a_call_that_fails_says_why_in_its_log(server: Server) -> None:
    assert server("fail")["status"] == 3
    assert server.log.read_text() == "why it failed\n"
    assert server("raise")["status"] == 1
    assert server.log.read_text().endswith("ValueError: unforeseen\n")
    assert server("kill")["status"] == -signal.SIGKILL
    assert server("echo", given="and goes on")["output"] == "and goes on"


def test_what_was_begun_ends_after_its_caller_has_gone(tmp_path: Path) -> None:
    one = Server(tmp_path)
    sign, done = tmp_path / "sign", tmp_path / "done"
    os.mkfifo(done)
    with os.fdopen(os.open(done, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        one.ask("wait then write", str(sign), str(done))
        assert one.process.stdin and one.process.stdout
        one.process.stdin.close()
        assert one.process.wait() == 0
        one.process.stdout.close()
        sign.touch()
        assert select.select([reader], [], [], 60)[0]
        assert reader.read() == b"done"
