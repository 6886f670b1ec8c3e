from __future__ import annotations

from mlops_runtime.commands.command import Call, Command


def run(call: Call) -> None:
    from mlops_runtime.logs import ecs
    from mlops_runtime.monitoring.monitor import watch

    ecs.configure("monitor")
    watch(call.workspace)


COMMAND = Command("monitor", "measure data, models and pipelines for Prometheus", run)
