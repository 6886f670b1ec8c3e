from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.live import sides

    return sides.bring(call.workspace, "kafka")


COMMAND = Command("topics", "create or alter Kafka's topics", run)
