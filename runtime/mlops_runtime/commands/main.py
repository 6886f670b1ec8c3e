"""From a command line to an exit status.

Logs go to standard error; the last line on standard output is one JSON object, the evidence.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from mlops_runtime.commands.command import Call, Command, Evidence
from mlops_runtime.commands.table import COMMANDS
from mlops_runtime.errors import EXIT_FAILED, PlatformError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(words: Sequence[str]) -> int:
    """The exit status, as in errors.py. Bugs and unexpected failures of the machine are raised."""
    options = parser().parse_args(words)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # What it says of its caches would stand between the lines of a team's step.
    logging.getLogger("feast").setLevel(logging.WARNING)
    try:
        # Output of libraries and of the team's code must not become the last line.
        with contextlib.redirect_stdout(sys.stderr):
            evidence = _run(options.command, options, words)
    except PlatformError as error:
        print(_reason(error) or error, file=sys.stderr)
        return error.exit_code
    except Exception as error:
        reason = _reason(error)
        if reason is None:
            raise
        print(reason, file=sys.stderr)
        return EXIT_FAILED
    if evidence is not None:
        print(json.dumps(evidence, default=str), flush=True)
    return 0


def _reason(error: Exception) -> str | None:
    """What a library's error means, where it is the machine's fault."""
    from mlops_runtime.environment import Workspace, databases

    if isinstance(error, OSError) and error.errno in _FULL:
        return f"The disk is full ({error}); make room and run this again."
    return databases.explain(Workspace.open(), error) if databases.is_from_sqlite(error) else None


def parser() -> ArgumentParser:
    """A parser for every command in the table; `options.command` is the chosen one."""
    whole = ArgumentParser(
        prog="python -m mlops_runtime",
        description="`python -m mlops_runtime …`: how Airflow, the supervisor and people start the runtime.",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help)
        command.add_arguments(one)
        one.set_defaults(command=command)
    return whole


def _run(command: Command, options: Namespace, words: Sequence[str]) -> Evidence | None:
    from mlops_runtime.environment import Workspace

    return command.run(Call(Workspace.open(), options, words))
