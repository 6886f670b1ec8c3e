from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("view")


def run(call: Call) -> None:
    from mlops_runtime.logs import ecs
    from mlops_runtime.streaming.consumer import consume

    ecs.configure(f"stream-{call.options.view}")
    consume(call.workspace, call.options.view)


COMMAND = Command("stream", "write a streamed view's events into the feature store", run, add_arguments)
