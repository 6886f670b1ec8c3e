from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime

from mlops_runtime.commands.command import Call, Command, Evidence


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("view")
    parser.add_argument("--from", dest="start", type=_time, required=True, metavar="TIME")
    parser.add_argument("--to", dest="end", type=_time, required=True, metavar="TIME")


def run(call: Call) -> Evidence:
    from mlops_runtime import features

    view, start, end = call.options.view, call.options.start, call.options.end
    return {"view": view, **features.backfill(call.workspace, view, start, end)}


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"'{text}' is not a time such as 2026-01-31 or 2026-01-31T06:00:00Z"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


COMMAND = Command("backfill", "materialise a feature view's rows of a period", run, add_arguments)
