from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.logs import index

    return index.apply(call.workspace)


COMMAND = Command("logs", "make the index of logs as it was compiled", run)
