"""Which version of each model serves, and what it has to be given."""

from __future__ import annotations

from typing import Any

from mlops_runtime.environment import Workspace


def champions(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Model → version and inputs of its champion; models without one are left out. Changes nothing."""
    import mlflow

    from mlops_runtime import tracking

    client = tracking.connect(workspace)
    found: dict[str, dict[str, Any]] = {}
    with tracking.failures(workspace):
        for path in sorted((workspace.common / "mlflow").glob("*.json")):
            contract = workspace.tracking(path.stem)
            version = tracking.champion(client, contract)
            if version is None:
                continue
            uri = f"models:/{contract.registered_model.name}/{version.version}"
            signature = mlflow.models.get_model_info(uri).signature
            inputs = signature.inputs.input_names() if signature and signature.inputs else []
            found[path.stem] = {"version": str(version.version), "inputs": inputs}
    return found
