from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    # As for every server that is restored; here nothing of it is needed.
    parser.add_argument("folder", nargs="?", help="with what the server had")


def run(call: Call) -> Evidence:
    from mlops_runtime.features import refill

    return refill.everything(call.workspace)


COMMAND = Command("refill", "fill an empty online store from the offline store", run, add_arguments)
