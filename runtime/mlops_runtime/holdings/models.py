from __future__ import annotations

from functools import partial

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.holdings.holding import Holding, moment
from mlops_runtime.tracking import seals


def look(workspace: Workspace, name: str) -> Holding | None:
    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        if not _is_there(client, name):
            return None
        escaped = name.replace("'", "''")
        versions = tracking.every(partial(client.search_model_versions, f"name='{escaped}'"))
    newest = max(versions, key=lambda each: int(each.version), default=None)
    if newest is None:
        return None  # a name, and no data
    by = f"run {newest.run_id}" if newest.run_id else None
    return Holding(len(versions), "version", None, moment(newest.creation_timestamp / 1000), by)


def drop(workspace: Workspace, name: str) -> None:
    """With its seals, which go first: a model of this name that comes later begins without any."""
    client = tracking.connect(workspace)
    seals.forget(workspace, name)
    with tracking.failures(workspace):
        client.delete_registered_model(name)


def _is_there(client: MlflowClient, name: str) -> bool:
    try:
        client.get_registered_model(name)
    except MlflowException as error:
        if not tracking.is_missing(error):
            raise
        return False
    return True
