"""The MLflow run that the five tasks of a training share.

It is found by its tags `airflow.dag_id` and `airflow.run_id`, and nothing is kept on this machine, so that a
retried task continues in the same run. Outside Airflow, pulling features begins a new local run, and the
later steps use the newest one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import quote

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from mlops_runtime import contracts, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.training.run import TrainingRun, downloaded

DAG_ID, RUN_ID = "airflow.dag_id", "airflow.run_id"
LOCAL = "local"


def begin(workspace: Workspace, model_name: str) -> TrainingRun:
    """The run of this DAG run, which is created if it does not exist."""
    model, contract = workspace.model(model_name), workspace.tracking(model_name)
    client = tracking.connect(workspace)
    experiment_id = tracking.apply_model(client, contract)
    dag_id, run_id = _airflow(workspace)
    found = _find(client, experiment_id, dag_id, run_id) if run_id else None
    if found is None:
        run_id = run_id or f"{LOCAL}-{uuid.uuid4().hex[:8]}"
        found = create(client, experiment_id, run_id, {DAG_ID: dag_id, RUN_ID: run_id, **_link(workspace)})
    return TrainingRun(workspace, client, model, contract, found.info.run_id, experiment_id)


def resume(workspace: Workspace, model_name: str) -> TrainingRun:
    """The run that pulling features began. Raises `PlatformError` if there is none."""
    model, contract = workspace.model(model_name), workspace.tracking(model_name)
    client = tracking.connect(workspace)
    experiment = client.get_experiment_by_name(contract.experiment.name)
    dag_id, run_id = _airflow(workspace)
    found = _find(client, experiment.experiment_id, dag_id, run_id) if experiment else None
    if found is None:
        of = f"the Airflow run '{run_id}' of '{dag_id}'" if run_id else "a local training"
        raise PlatformError(
            f"MLflow at {workspace.tracking_uri} has no run of '{model_name}' for {of}: "
            "run the step pull_features first."
        )
    return TrainingRun(workspace, client, model, contract, found.info.run_id, found.info.experiment_id)


def open_recorded(workspace: Workspace, run_id: str, model_of: str) -> TrainingRun:
    """A finished run by its MLflow id, with the model contract in its artifact `model_of`.

    Raises `PlatformError` if there is no such run.
    """
    client = tracking.connect(workspace)
    try:
        info = client.get_run(run_id).info
    except MlflowException as error:
        if tracking.is_missing(error):
            raise PlatformError(f"MLflow at {workspace.tracking_uri} has no run '{run_id}'.") from None
        raise
    with downloaded(client, run_id, model_of) as path:
        model = contracts.read(contracts.Model, path)
    return TrainingRun(workspace, client, model, workspace.tracking(model.model), run_id, info.experiment_id)


def create(client: MlflowClient, experiment_id: str, name: str, tags: Mapping[str, str]) -> Run:
    run: Run = client.create_run(experiment_id, tags=dict(tags), run_name=name)
    return run


def _airflow(workspace: Workspace) -> tuple[str, str | None]:
    dag_id = workspace.variables.get("AIRFLOW_CTX_DAG_ID")
    run_id = workspace.variables.get("AIRFLOW_CTX_DAG_RUN_ID")
    return (dag_id, run_id) if dag_id and run_id else (LOCAL, None)


def _find(client: MlflowClient, experiment_id: str, dag_id: str, run_id: str | None) -> Run | None:
    wanted = {DAG_ID: dag_id} | ({RUN_ID: run_id} if run_id else {})
    runs = client.search_runs(
        [experiment_id],
        filter_string=" and ".join(f"tags.`{name}` = {_quoted(value)}" for name, value in wanted.items()),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def _quoted(value: str) -> str:
    return f'"{value}"' if "'" in value else f"'{value}'"


def _link(workspace: Workspace) -> dict[str, str]:
    """Tags that link from the run's page in MLflow to Airflow's."""
    dag_id, run_id = _airflow(workspace)
    if run_id is None:
        return {}
    base = workspace.environment.airflow.url.rstrip("/")
    url = f"{base}/dags/{quote(dag_id, safe='')}/runs/{quote(run_id, safe='')}"
    return {"airflow.url": url, "mlflow.note.content": f"Airflow run [{run_id}]({url}) of `{dag_id}`."}
