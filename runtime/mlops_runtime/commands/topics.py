from __future__ import annotations

from mlops_runtime.commands.command import Call, Command, Evidence


def run(call: Call) -> Evidence:
    from mlops_runtime.live import sides

    # Which topics a release has asked for only a deploy knows: any other one is somebody else's.
    return sides.bring(call.workspace, "kafka", deletes=False)


COMMAND = Command("topics", "create or alter Kafka's topics", run)
