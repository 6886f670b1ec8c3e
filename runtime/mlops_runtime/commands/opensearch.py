from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("java")
    parser.add_argument("jars")
    parser.add_argument("folder", type=Path)
    parser.add_argument("host")
    parser.add_argument("port")


def run(call: Call) -> None:
    from mlops_runtime.servers import shipper

    options = call.options
    shipper.become_opensearch(options.java, options.jars, options.folder, options.host, options.port)


COMMAND = Command("opensearch", "become an OpenSearch node", run, add_arguments)
