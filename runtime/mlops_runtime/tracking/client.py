"""A client of the environment's MLflow, and what is asked of it everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_KNOCK_SECONDS = 5
_PAGE = 1000


def connect(workspace: Workspace) -> MlflowClient:
    """A client of the environment's MLflow, which the `mlflow.*` functions then use too.

    Raises `PlatformError` with the address if no server answers there.
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
    """Turns MLflow's errors in the block into a `PlatformError` with the server's address."""
    try:
        yield
    except MlflowException as error:
        first = str(error).strip().splitlines()[0].removesuffix(".")
        raise PlatformError(f"MLflow at {workspace.tracking_uri} failed: {first}.") from error


# A tag of a version: when it was last made the champion, by `register` or by `mlops promote`.
PROMOTED_AT = "promoted.at"


def is_missing(error: MlflowException) -> bool:
    """Whether the error means that the requested object does not exist."""
    return bool(error.error_code == ErrorCode.Name(RESOURCE_DOES_NOT_EXIST))


def every(search: Callable[..., Any]) -> list[Any]:
    """All that one of the client's searches finds, which it gives by pages."""
    found: list[Any] = []
    token = None
    while True:
        page = search(max_results=_PAGE, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def aliased(client: MlflowClient, registered_model: str, alias: str) -> Any | None:
    """The model version behind the alias, or None while there is none."""
    try:
        return client.get_model_version_by_alias(registered_model, alias)
    except MlflowException as error:
        # To MLflow a missing alias of a known model is an invalid parameter; a missing model is not found.
        if is_missing(error) or "alias" in str(error).lower():
            return None
        raise


def champion(client: MlflowClient, tracking: contracts.Tracking) -> Any | None:
    """The model version that is served, or None while there is none."""
    return aliased(client, tracking.registered_model.name, tracking.aliases.champion)
