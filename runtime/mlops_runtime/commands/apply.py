from __future__ import annotations

import logging

from mlops_runtime.commands.command import Call, Command, Evidence
from mlops_runtime.errors import PlatformError


def run(call: Call) -> Evidence:
    from mlops_runtime import tracking
    from mlops_runtime.live import sides
    from mlops_runtime.tracking import adoption

    applied: Evidence = {"feast": sides.bring(call.workspace, "feast")}
    try:
        tracking.connect(call.workspace)
    except PlatformError as error:
        # Every training step makes what it needs in MLflow too, so this can wait.
        logging.getLogger("apply").warning("%s", error)
        return {**applied, "mlflow": None}
    applied["mlflow"] = sides.bring(call.workspace, "mlflow")
    adopted = adoption.adopt_champions(call.workspace)
    return {**applied, **({"adopted": adopted} if adopted else {})}


COMMAND = Command("apply", "register the compiled definitions with Feast and MLflow", run)
