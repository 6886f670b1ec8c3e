from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.live import sides

    return sides.bring(call.workspace, "elk")


COMMAND = Command("logs", "create or update the index of logs", run)
