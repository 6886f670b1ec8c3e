from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pipeline")
    parser.add_argument("step")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--input", action="append", default=[], metavar="TABLE=FILE")
    parser.add_argument("--publish", action="store_true")


def run(call: Call) -> None:
    import sys

    from mlops_runtime import steps
    from mlops_runtime.team import overlay
    from mlops_runtime.testing.given import Given
    from mlops_runtime.testing.trial import trial

    options = call.options
    step = steps.find(call.workspace, options.pipeline, options.step)
    overlay.enter(call.workspace, steps.lock_of(call.workspace, step), call.words)
    files = {table: Path(file) for table, _, file in (each.partition("=") for each in options.input)}
    given = Given(options.rows, files)
    text = trial(call.workspace, options.pipeline, options.step, given, options.publish)
    print(text, file=sys.__stdout__)


COMMAND = Command("trial", "run one step without Airflow, and say what came of it", run, add_arguments)
