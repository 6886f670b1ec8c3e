from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("program")
    parser.add_argument("configuration", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("logs", type=Path)


def run(call: Call) -> None:
    from mlops_runtime.servers import shipper

    options = call.options
    shipper.become_rsyslog(options.program, options.configuration, options.folder, options.logs)


COMMAND = Command("rsyslog", "become the log shipper", run, add_arguments)
