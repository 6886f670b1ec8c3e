from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("initdb")
    parser.add_argument("folder", type=Path)


def run(call: Call) -> Evidence:
    from mlops_runtime.servers import cluster

    return cluster.make(call.workspace, call.options.initdb, call.options.folder)


COMMAND = Command("cluster", "create PostgreSQL's data folder unless it exists", run, add_arguments)
