from __future__ import annotations

import logging

from mlops_runtime.commands.command import Call, Command, Evidence
from mlops_runtime.errors import PlatformError


def run(call: Call) -> Evidence:
    from mlops_runtime import tracking
    from mlops_runtime.live import sides

    applied: Evidence = {"feast": sides.bring(call.workspace, "feast")}
    try:
        tracking.connect(call.workspace)
    except PlatformError as error:
        # Every training step makes what it needs in MLflow too, so this can wait.
        logging.getLogger("apply").warning("%s", error)
        return {**applied, "mlflow": None}
    return {**applied, "mlflow": sides.bring(call.workspace, "mlflow")}


COMMAND = Command("apply", "register the compiled definitions with Feast and MLflow", run)
