"""Makes a model that passed the gate the champion, in an order that may be interrupted anywhere.

The version is created, becomes challenger, is loaded back and tried; then one request moves the alias
`champion`. A failure before that leaves the champion unchanged, and after it only cleaning up is left.
"""

from __future__ import annotations

from typing import Any

import mlflow

from mlops_runtime import tracking
from mlops_runtime.tracking import seals
from mlops_runtime.training import gate, promote, trial
from mlops_runtime.training.provenance import DATA
from mlops_runtime.training.run import TrainingRun

_COPIED_TAGS = ("spec.digest", "git.commit", "git.dirty", "airflow.dag_id", "airflow.run_id", "airflow.url")


def register(run: TrainingRun) -> str:
    """Registers the run's model. Its version, which is now champion; the same one if called again.

    Raises `Skipped` if the gate has refused it, and `PlatformError` if it has not passed it, or if the model
    cannot be tried.
    """
    gate.require_passed(run)
    gate.require_same_champion(run)
    model_id = run.tag(gate.MODEL_ID)
    version = _version_of(run, f"models:/{model_id}")
    name, aliases = run.contract.registered_model.name, run.contract.aliases
    current = tracking.champion(run.client, run.contract)
    if current is None or str(current.version) != version:
        run.client.set_registered_model_alias(name, aliases.challenger, version)
        seals.seal_version(run.workspace, name, version, str(model_id))
        trial.require(run.workspace, run.contract, version)
        # On which version one goes back; the alias alone does not tell.
        tags = promote.recorded(str(current.version) if current else None)
        for key, value in tags.items():
            run.client.set_model_version_tag(name, version, key, value)
        run.client.set_registered_model_alias(name, aliases.champion, version)
    # Also where an interruption came in between.
    seals.note_champion(run.workspace, name, version)
    run.client.delete_registered_model_alias(name, aliases.challenger)
    return version


def _version_of(run: TrainingRun, source: str) -> str:
    """The version of the logged model `source`, which is created if there is none."""
    name = run.contract.registered_model.name
    existing = [
        version
        for version in run.client.search_model_versions(f"name='{name}' and run_id='{run.id}'")
        if version.source == source or f"models:/{version.model_id}" == source
    ]
    made: Any = existing[0] if existing else mlflow.register_model(source, name, tags=_version_tags(run))
    return str(made.version)


def _version_tags(run: TrainingRun) -> dict[str, str]:
    recorded = run.recorded().data.tags
    tags = {name: value for name, value in recorded.items() if name in _COPIED_TAGS or name.startswith(DATA)}
    return {**tags, "mlflow_run_id": run.id, "gate.reason": recorded[gate.REASON]}
