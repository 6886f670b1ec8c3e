from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.live.champions import champions

    return {"champions": champions(call.workspace)}


COMMAND = Command("champions", "which version of each model serves, and its inputs", run)
