from __future__ import annotations

from argparse import REMAINDER, ArgumentParser

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=REMAINDER)


def run(call: Call) -> None:
    from mlops_runtime.machine import unprivileged

    unprivileged.become(call.options.program, call.options.arguments)


COMMAND = Command("unprivileged", "become a program that refuses to run as root", run, add_arguments)
