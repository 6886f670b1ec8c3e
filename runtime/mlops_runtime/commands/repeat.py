from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("run_id", metavar="RUN_ID")


def run(call: Call) -> Evidence:
    from mlops_runtime.training.repeat import repeat

    return repeat(call.workspace, call.options.run_id)


COMMAND = Command("repeat", "repeat a recorded training run on its own data", run, add_arguments)
