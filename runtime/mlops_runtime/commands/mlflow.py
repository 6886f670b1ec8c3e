from __future__ import annotations

from argparse import REMAINDER, ArgumentParser

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("server", choices=["server"])
    parser.add_argument("options", nargs=REMAINDER)


def run(call: Call) -> None:
    from mlops_runtime.servers import mlflow

    mlflow.run(call.workspace, call.options.options)


COMMAND = Command("mlflow", "become MLflow's server, behind its accounts", run, add_arguments)
