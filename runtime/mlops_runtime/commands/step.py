from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("pipeline")
    parser.add_argument("step")


def run(call: Call) -> Evidence:
    from mlops_runtime import steps
    from mlops_runtime.team import overlay

    step = steps.find(call.workspace, call.options.pipeline, call.options.step)
    overlay.enter(call.workspace, steps.lock_of(call.workspace, step), call.words)
    return steps.run(call.workspace, call.options.pipeline, call.options.step)


COMMAND = Command("step", "run one step of a pipeline", run, add_arguments)
