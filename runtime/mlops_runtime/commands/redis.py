from __future__ import annotations

from argparse import REMAINDER, ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("arguments", nargs=REMAINDER)


def run(call: Call) -> None:
    from mlops_runtime.servers import redis

    redis.become(call.workspace, call.options.program, call.options.folder, call.options.arguments)


COMMAND = Command("redis", "become Redis, with its password", run, add_arguments)
