"""MLflow, reached as the environment says: its client, experiments and registered models.

Importing this module imports MLflow, which takes seconds: import it where it is needed.
"""

# ruff: noqa: I001
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from mlops_runtime.imports import before_mlflow  # noqa: F401 — its settings come before MLflow's import

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST, ErrorCode

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_KNOCK_SECONDS = 5


def connect(workspace: Workspace) -> MlflowClient:
    """A client of the environment's MLflow, which also becomes the one of `mlflow.*` functions.

    Raises `PlatformError` with the address where no server answers there.
    """
    uri = workspace.tracking_uri
    if uri.startswith("http"):
        _knock(uri)
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    return MlflowClient(uri, uri)


def _knock(uri: str) -> None:
    try:
        with urlopen(f"{uri.rstrip('/')}/health", timeout=_KNOCK_SECONDS):
            return
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise PlatformError(
            f"MLflow does not answer at {uri} ({reason}): start it with `mlops up`, or correct "
            "`mlflow.tracking_uri` of the environment."
        ) from None


@contextmanager
def failures(workspace: Workspace) -> Iterator[None]:
    """Turns what MLflow raises inside into one sentence with the server's address."""
    try:
        yield
    except MlflowException as error:
        first = str(error).strip().splitlines()[0].removesuffix(".")
        raise PlatformError(f"MLflow at {workspace.tracking_uri} could not do it: {first}.") from error


def is_missing(error: MlflowException) -> bool:
    """Whether the error says that what was asked for does not exist."""
    return bool(error.error_code == ErrorCode.Name(RESOURCE_DOES_NOT_EXIST))


def aliased(client: MlflowClient, registered_model: str, alias: str) -> Any | None:
    """The model version behind the alias, or None while there is none."""
    try:
        return client.get_model_version_by_alias(registered_model, alias)
    except MlflowException as error:
        # A missing alias of a known model is an invalid parameter to MLflow; a missing model is not found.
        if is_missing(error) or "alias" in str(error).lower():
            return None
        raise


def champion(client: MlflowClient, tracking: contracts.Tracking) -> Any | None:
    """The model version that is served, or None while there is none."""
    return aliased(client, tracking.registered_model.name, tracking.aliases.champion)


def apply_model(client: MlflowClient, tracking: contracts.Tracking) -> str:
    """The id of the model's experiment. Creates or corrects it and the registered model."""
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
    """Two pipelines may start at the same time: whoever comes second finds it there."""
    try:
        create()
    except MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
