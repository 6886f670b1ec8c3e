"""MLflow's experiments and registered models, as far as the model contracts state them.

People may have other experiments, models and tags beside them: only the stated names are looked at, and
nothing is ever deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.live.state import Change, State


def desired(workspace: Workspace) -> State:
    state: State = {}
    for tracking in _contracts(workspace):
        experiment, model = tracking.experiment, tracking.registered_model
        state[f"mlflow/experiment/{experiment.name}"] = _experiment(experiment.tags)
        state[f"mlflow/registered_model/{model.name}"] = _model(model.description, model.tags)
    return state


def observe(workspace: Workspace) -> State:
    from mlflow.exceptions import MlflowException

    from mlops_runtime import tracking

    client = tracking.connect(workspace)
    state: State = {}
    with tracking.failures(workspace):
        for contract in _contracts(workspace):
            name, tags = contract.experiment.name, contract.experiment.tags
            if experiment := client.get_experiment_by_name(name):
                stated = _stated(experiment.tags, tags)
                state[f"mlflow/experiment/{name}"] = _experiment(stated, experiment.lifecycle_stage)
            name, tags = contract.registered_model.name, contract.registered_model.tags
            try:
                model = client.get_registered_model(name)
            except MlflowException as error:
                if not tracking.is_missing(error):
                    raise
            else:
                state[f"mlflow/registered_model/{name}"] = _model(
                    model.description or "", _stated(model.tags, tags)
                )
    return state


def apply(workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    from mlops_runtime import tracking

    client = tracking.connect(workspace)
    addresses = {change.address for change in changes}
    with tracking.failures(workspace):
        for contract in _contracts(workspace):
            if f"mlflow/experiment/{contract.experiment.name}" in addresses:
                tracking.apply_experiment(client, contract.experiment)
            if f"mlflow/registered_model/{contract.registered_model.name}" in addresses:
                tracking.apply_registered_model(client, contract.registered_model)
    return {"changed": sorted(addresses)}


def _contracts(workspace: Workspace) -> list[contracts.Tracking]:
    return [workspace.tracking(name) for name in workspace.models()]


def _experiment(tags: Mapping[str, str], stage: str = "active") -> dict[str, Any]:
    return {"stage": stage, "tags": dict(tags)}


def _model(description: str, tags: Mapping[str, str]) -> dict[str, Any]:
    return {"description": description, "tags": dict(tags)}


def _stated(found: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    return {key: found[key] for key in wanted if key in found}
