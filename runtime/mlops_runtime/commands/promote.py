from __future__ import annotations

from argparse import ArgumentParser

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("version", nargs="?")
    parser.add_argument("--back", action="store_true", help="the version before the champion")
    parser.add_argument("--force", action="store_true", help="although the gate does not answer for it")
    parser.add_argument("--by", default="", help="who promotes it")
    parser.add_argument("--reason", default="", help="why; recorded with the version")


def run(call: Call) -> Evidence:
    from mlops_runtime.team import overlay

    options = call.options
    overlay.enter(call.workspace, call.workspace.model(options.model).lock, call.words)
    from mlops_runtime.training import promote

    if options.version is None and not options.back:
        return promote.history(call.workspace, options.model)
    asked = promote.Asked(options.version, options.by, options.reason, options.force)
    return promote.promote(call.workspace, options.model, asked)


COMMAND = Command(
    "promote", "make a version of a model its champion; or list its versions", run, add_arguments
)
