from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("program")
    parser.add_argument("names", nargs="+")
    parser.add_argument("folder", type=Path)


def run(call: Call) -> Evidence:
    from mlops_runtime.servers import dumps

    options = call.options
    return {"bytes": dumps.write(call.workspace, options.program, options.names, options.folder)}


COMMAND = Command("dump", "write PostgreSQL's databases into a folder", run, add_arguments)
