from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

from mlops_runtime.commands.command import Call, Command, Evidence


def prepare(words: Sequence[str]) -> None:
    """Imports what the call will. What cannot be imported is said by the call, which tries it again."""
    from mlops_runtime.live import sides

    with contextlib.suppress(Exception), contextlib.redirect_stdout(sys.stderr):
        match words:
            case ["live", tool, *_]:
                names = sides.imports(tool)
            case ["champions", *_]:
                names = sides.imports("champions")
            case _:
                names = ()
        for name in names:
            importlib.import_module(name)


def run(_call: Call) -> Evidence | None:
    from mlops_runtime.machine import fork_server

    server = os.getpid()
    status = fork_server.serve(prepare, _call_in_fork)
    if os.getpid() == server:
        os._exit(status)  # its caller has gone: taking apart what was imported would outlast it by a second
    os.dup2(2, 1)  # as at the end of every command (__main__.py)
    raise SystemExit(status)


def _call_in_fork(words: Sequence[str]) -> int:
    sys.stdout = sys.__stdout__  # this command's own is turned aside
    main = importlib.import_module("mlops_runtime.commands.main")  # which imports this module
    return int(main.main(words))


COMMAND = Command("answer", "answer calls of other commands, one a line of standard input", run)
