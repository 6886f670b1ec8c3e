"""Makes a registered version the champion by hand, or the version before it again.

A version is held against all that serving needs of it before the alias moves: the declared signature, what
the compiled API looks up, and a prediction for its own input example. These hold for everybody; only the
marks of gate and training can be waived, with a reason, which is recorded with the version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tracking import adoption, seals
from mlops_runtime.training import formats, gate, trial

# Tags of a version.
AT = tracking.PROMOTED_AT
FROM, BY, REASON, FORCED = "promoted.from", "promoted.by", "promoted.reason", "promoted.forced"


@dataclass(frozen=True)
class Asked:
    """`version` is None for the one before the champion. `reason` alone waives nothing, `forced` does."""

    version: str | None
    by: str
    reason: str
    forced: bool


def promote(workspace: Workspace, model: str, asked: Asked) -> dict[str, Any]:
    """What was changed, as evidence. Raises `PlatformError` where the version cannot serve, or may not."""
    contract = workspace.tracking(model)
    client = tracking.connect(workspace)
    name = contract.registered_model.name
    with tracking.failures(workspace):
        current = tracking.champion(client, contract)
        before = str(current.version) if current else None
        found = _version(client, name, asked.version or _previous(client, name, current))
        version = str(found.version)
        evidence = {"model": model, "version": version, "before": before, "forced": False}
        # Somebody may have moved the alias to a version for which nobody answers yet.
        if version == before and seals.is_sealed(workspace, name, version):
            return {**evidence, "changed": False}
        mark = _mark(workspace, client, found)
        if mark is not None and not asked.forced:
            raise PlatformError(
                f"Version {version} of '{name}' is not promoted: {mark}. "
                'If it shall serve nevertheless, `--force --reason "…"` says why; it is recorded.'
            )
        _seal(workspace, model, found)
        trial.require(workspace, contract, version)
        forced = mark is not None
        _record(client, name, version, before, asked, forced)
        client.set_registered_model_alias(name, contract.aliases.champion, version)
        seals.note_champion(workspace, name, version)
    return {**evidence, "changed": True, "forced": forced}


def recorded(before: str | None) -> dict[str, str]:
    """Tags of a version that is champion from now on, after the version `before`."""
    # Two promotions may follow within a second; which came later tells who should be champion.
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {AT: now, **({FROM: before} if before else {})}


def history(workspace: Workspace, model: str) -> dict[str, Any]:
    """All versions, the newest first: who promoted which when, and why."""
    contract = workspace.tracking(model)
    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        current = tracking.champion(client, contract)
        versions = _versions(client, contract.registered_model.name)
        return {
            "model": model,
            "champion": str(current.version) if current else None,
            "versions": [_described(workspace, client, each) for each in versions],
        }


def _described(workspace: Workspace, client: MlflowClient, version: Any) -> dict[str, Any]:
    tags = version.tags
    created = datetime.fromtimestamp(version.creation_timestamp / 1000, UTC)
    return {
        "version": str(version.version),
        "created": created.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "refused": _mark(workspace, client, version),
        "gate": tags.get("gate.reason", ""),
        "promoted": {
            key.removeprefix("promoted."): tags[key] for key in (AT, BY, REASON, FORCED, FROM) if key in tags
        },
    }


def _versions(client: MlflowClient, name: str) -> list[Any]:
    escaped = name.replace("'", "''")
    found = client.search_model_versions(f"name='{escaped}'", max_results=1000)
    return sorted(found, key=lambda version: -int(version.version))


def _version(client: MlflowClient, name: str, version: str) -> Any:
    known = _versions(client, name)
    found = next((each for each in known if str(each.version) == version), None)
    if found is None:
        there = ", ".join(str(each.version) for each in known[:10])
        hint = f"there are {there}" if known else "it has none yet: run its training"
        raise PlatformError(f"'{name}' has no version {version}; {hint}.")
    if found.status != "READY":
        raise PlatformError(f"Version {version} of '{name}' is not complete (MLflow says {found.status}).")
    # A search leaves the aliases out, and in some stores the tags.
    return client.get_model_version(name, version)


def _previous(client: MlflowClient, name: str, current: Any | None) -> str:
    """The one that served before the champion did, as it is recorded, or else the version below."""
    if current is None:
        raise PlatformError(f"'{name}' has no champion, so there is none to go back from.")
    there = [int(each.version) for each in _versions(client, name)]
    recorded_one = current.tags.get(FROM, "")
    if recorded_one.isdecimal() and int(recorded_one) in there:
        return str(recorded_one)
    below = [version for version in there if version < int(current.version)]
    if not below:
        raise PlatformError(f"Version {current.version} of '{name}' is the first; there is none before it.")
    return str(max(below))


def _mark(workspace: Workspace, client: MlflowClient, version: Any) -> str | None:
    """Why nobody answers for the version; None where a training here made it, and the gate passed it."""
    return _seal_mark(workspace, version) or _gate_mark(client, version)


def _seal_mark(workspace: Workspace, version: Any) -> str | None:
    if seals.is_sealed(workspace, version.name, str(version.version)):
        return None
    model_id = _model_of(version)
    if model_id is not None and seals.is_trained(workspace, model_id):
        return None
    return "no training of this environment made it, so it may contain code of whoever put it into MLflow"


def _model_of(version: Any) -> str | None:
    """The logged model that it was registered from; MLflow's stores answer in one field or the other."""
    source = str(version.source or "")
    return version.model_id or (source.removeprefix("models:/") if source.startswith("models:/m-") else None)


def _seal(workspace: Workspace, model: str, version: Any) -> None:
    """It is known by its files from now on: a training made them, or whoever forces answers for them."""
    name, number = version.name, str(version.version)
    if seals.is_sealed(workspace, name, number):
        return
    model_id = _model_of(version)
    if model_id is not None and seals.is_trained(workspace, model_id):
        seals.seal_version(workspace, name, number, model_id)
    else:
        adoption.adopt(workspace, name, number, _permitted(workspace, model, f"Version {number} of '{name}'"))


def _permitted(workspace: Workspace, model: str, what: str) -> Callable[[Path], None] | None:
    if workspace.model(model).train.pickle:
        return None
    return lambda files: formats.require_without_code(files, what)


def _gate_mark(client: MlflowClient, version: Any) -> str | None:
    """Why the gate does not answer for it; None where it has passed just this model."""
    try:
        run = client.get_run(version.run_id) if version.run_id else None
    except MlflowException as error:
        if not tracking.is_missing(error):
            raise
        run = None
    if run is None:
        return "the run that made it is gone or was never recorded, so no gate answers for it"
    tags = run.data.tags
    # Of the model that the gate judged, when it did: training again in the same run makes another.
    sources = {str(version.source), f"models:/{version.model_id}"}
    if f"models:/{tags.get(gate.GATED, '')}" not in sources:
        return f"no gate has judged it in its run {run.info.run_id}"
    if tags.get(gate.GATE) != gate.PASSED:
        return f"the gate refused it: {tags.get(gate.REASON, '')}".rstrip(" .")
    return None


def _record(
    client: MlflowClient, name: str, version: str, before: str | None, asked: Asked, forced: bool
) -> None:
    """Before the alias moves: an interruption leaves a note too many rather than a move without one."""
    tags = recorded(None if before == version else before)
    if asked.version is None:
        tags.pop(FROM, None)  # its own past stays, so that one can go back further
    tags |= {BY: asked.by, REASON: asked.reason, FORCED: "true" if forced else "false"}
    for key, value in tags.items():
        client.set_model_version_tag(name, version, key, value)
