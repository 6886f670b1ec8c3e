"""Runs. MLflow keeps those of a deleted experiment until somebody runs `mlflow gc`."""

from __future__ import annotations

from functools import partial

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.holdings.holding import Holding, Reader, moment


def look(workspace: Workspace, name: str) -> Holding | None:
    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        found = client.get_experiment_by_name(name)
        if found is None or found.lifecycle_stage == "deleted":
            return None
        runs = tracking.every(partial(client.search_runs, [found.experiment_id]))
        if not runs:
            return None  # a name, and no data
        ids = {each.info.run_id for each in runs}
        versions = [each for each in tracking.every(client.search_model_versions) if each.run_id in ids]
    newest = max(runs, key=lambda each: each.info.start_time)
    readers = {each.name: each for each in versions}.values()
    return Holding(
        len(runs),
        "run",
        None,
        moment(newest.info.start_time / 1000),
        f"run {newest.info.run_id}",
        tuple(
            Reader(f"model:{each.name}", f"Version {each.version} of {each.name} was trained by a run of it.")
            for each in readers
        ),
    )


def drop(workspace: Workspace, name: str) -> None:
    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        found = client.get_experiment_by_name(name)
        if found is not None and found.lifecycle_stage != "deleted":
            client.delete_experiment(found.experiment_id)
