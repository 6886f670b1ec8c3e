from __future__ import annotations

import sys
from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence

# As live/sides.py has them, which needs more than the help may load.
TOOLS = [
    "airflow",
    "champions",
    "elk",
    "feast",
    "kafka",
    "mlflow",
    "monitor",
    "postgres",
    "redis",
    "serving",
    "streaming",
]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("tool", choices=TOOLS)
    actions = ["desired", "observe", "apply", "check"]
    parser.add_argument("action", choices=actions, help="apply reads changes from standard input")


def run(call: Call) -> Evidence:
    from mlops_runtime.live import sides, state

    side = sides.side(call.options.tool)
    match call.options.action:
        case "desired":
            return {"objects": side.desired(call.workspace)}
        case "observe":
            return {"objects": side.observe(call.workspace)}
        case "check":
            return sides.check(call.workspace, call.options.tool)
        case _:
            return side.apply(call.workspace, state.read_changes(sys.stdin.read()))


COMMAND = Command("live", "read a running tool's objects, or change some of them", run, add_arguments)
