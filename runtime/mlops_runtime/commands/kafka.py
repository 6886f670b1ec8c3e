from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=["format", "run"])
    parser.add_argument("java")
    parser.add_argument("jars")
    parser.add_argument("properties", type=Path)
    parser.add_argument("folder", type=Path)


def run(call: Call) -> Evidence | None:
    from mlops_runtime.servers import kafka

    options = call.options
    given = (options.java, options.jars, options.properties, options.folder)
    if options.action == "format":
        return kafka.make(*given)
    kafka.become(*given)
    return None


COMMAND = Command("kafka", "format a Kafka broker's folder, or become the broker", run, add_arguments)
