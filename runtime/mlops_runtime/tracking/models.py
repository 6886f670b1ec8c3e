"""A model's experiment and its registered model, as its contract states them."""

from __future__ import annotations

from collections.abc import Callable

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

from mlops_runtime import contracts


def apply_model(client: MlflowClient, tracking: contracts.Tracking) -> str:
    """Creates or corrects the model's experiment and registered model. The experiment's id."""
    experiment_id = apply_experiment(client, tracking.experiment)
    apply_registered_model(client, tracking.registered_model)
    return experiment_id


def apply_experiment(client: MlflowClient, wanted: contracts.Experiment) -> str:
    found = client.get_experiment_by_name(wanted.name)
    if found is None:
        _create_once(lambda: client.create_experiment(wanted.name, tags=wanted.tags))
        found = client.get_experiment_by_name(wanted.name)
        assert found is not None
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    for key, value in wanted.tags.items():
        if found.tags.get(key) != value:
            client.set_experiment_tag(found.experiment_id, key, value)
    return str(found.experiment_id)


def apply_registered_model(client: MlflowClient, wanted: contracts.RegisteredModel) -> None:
    _create_once(
        lambda: client.create_registered_model(wanted.name, tags=wanted.tags, description=wanted.description)
    )
    found = client.get_registered_model(wanted.name)
    if found.description != wanted.description:
        client.update_registered_model(wanted.name, wanted.description)
    for key, value in wanted.tags.items():
        if found.tags.get(key) != value:
            client.set_registered_model_tag(wanted.name, key, value)


def _create_once(create: Callable[[], object]) -> None:
    """Two pipelines may start at the same time; the second finds it created."""
    try:
        create()
    except MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
