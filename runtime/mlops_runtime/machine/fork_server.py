"""A process that has imported what its callers need, and answers each call by a fork of itself.

A call is a line of JSON on standard input, `{"id", "words", "input", "log"}`; its answer is one on standard
output, `{"id", "status", "output"}`, with a negative status where a signal ended it. Calls are answered side
by side, in the order in which they end. What a call changes in its process (modules, variables, signals) goes
with it. At the end of standard input nothing new is begun, and what was begun goes on.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Words = Sequence[str]


def serve(prepare: Callable[[Words], None], run: Callable[[Words], int]) -> int:
    """Until its caller has gone. `prepare` imports what a call is going to; `run` gives an exit status.

    In a fork it returns that call's status, with standard output and error already those of the call.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # a handler, so that the descriptor above is written to
    begun: dict[int, tuple[Any, int]] = {}
    rest = b""
    with selectors.DefaultSelector() as ready:
        for descriptor in (0, woken):
            ready.register(descriptor, selectors.EVENT_READ)
        while True:
            asked = {key.fd for key, _ in ready.select()}
            if woken in asked:
                os.read(woken, 4096)
                _answer(begun)
            if 0 not in asked:
                continue
            text = os.read(0, 65536)
            if text == b"":
                return 0
            *lines, rest = (rest + text).split(b"\n")
            for line in lines:
                call = json.loads(line)
                prepare(call["words"])
                output = _nameless_file()
                process = os.fork()
                if process == 0:
                    _become(call, output)
                    return run(call["words"])
                begun[process] = (call["id"], output)


def _become(call: dict[str, Any], output: int) -> None:
    """A process as if it had been started for this call alone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(call["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    given = _nameless_file()
    with os.fdopen(given, "w", encoding="utf-8", closefd=False) as file:
        file.write(call["input"])
    os.lseek(given, 0, os.SEEK_SET)
    for source, target in ((given, 0), (output, 1), (log, 2)):
        os.dup2(source, target)
        os.close(source)


def _nameless_file() -> int:
    descriptor, path = tempfile.mkstemp()
    Path(path).unlink()
    return descriptor


def _answer(begun: dict[int, tuple[Any, int]]) -> None:
    for process, status in _ended():
        if process not in begun:
            continue  # of a library
        number, output = begun.pop(process)
        with os.fdopen(output, encoding="utf-8", errors="replace") as file:
            file.seek(0)
            text = file.read()
        answer = {"id": number, "status": os.waitstatus_to_exitcode(status), "output": text}
        line = memoryview(f"{json.dumps(answer)}\n".encode())
        while line:
            line = line[os.write(1, line) :]


def _ended() -> Iterator[tuple[int, int]]:
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if process == 0:
            return
        yield process, status
