from __future__ import annotations

import os
from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model")


def run(call: Call) -> None:
    # Requests run in several threads already; OpenMP's threads would only compete with them.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from mlops_runtime.team import overlay

    overlay.enter(call.workspace, call.workspace.model(call.options.model).lock, call.words)
    from mlops_runtime.serving.server import serve

    serve(call.workspace, call.options.model)


COMMAND = Command("serve", "serve a model's champion over HTTP", run, add_arguments)
