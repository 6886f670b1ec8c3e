from __future__ import annotations

import json
import sys
from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    addresses = "both read a JSON list of addresses from standard input"
    parser.add_argument("action", choices=["look", "drop"], help=addresses)


def run(call: Call) -> Evidence:
    from mlops_runtime.holdings import kinds

    addresses = json.load(sys.stdin)
    if call.options.action == "look":
        return {"held": kinds.look(call.workspace, addresses)}
    return {"dropped": {address: kinds.drop(call.workspace, address) for address in addresses}}


COMMAND = Command("data", "say what objects hold data, or drop some of them for good", run, add_arguments)
