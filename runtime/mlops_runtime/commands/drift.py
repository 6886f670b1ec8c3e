from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.live.drift import drifts

    return {"release": call.workspace.release, "tools": drifts(call.workspace)}


COMMAND = Command("drift", "which objects of running tools are not as compiled; changes nothing", run)
