from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="+")


def run(call: Call) -> Evidence:
    from mlops_runtime.servers import databases
    from mlops_runtime.stores import postgres

    with postgres.failures(call.workspace):
        return databases.make(call.workspace, call.options.names)


COMMAND = Command("databases", "create PostgreSQL's roles and databases", run, add_arguments)
