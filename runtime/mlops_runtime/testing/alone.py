"""A step of the platform itself, tried in a platform that is made for it and thrown away.

Its registry, tracking, feature store and tables lie in one folder, so nothing that it does reaches anybody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlops_runtime import contracts, steps
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.testing.given import Given

_CODE = ("pipelines", "models")


def run(
    workspace: Workspace,
    folder: Path,
    pipeline: str,
    step: str,
    call: contracts.MaterializeCall | contracts.ModelCall,
    given: Given,
) -> steps.Evidence:
    """The step's evidence. What has to come before it, such as training before evaluation, comes before it.

    Raises `PlatformError` in an environment whose stores are servers.
    """
    if workspace.environment.stores != "embedded":
        raise PlatformError(
            f"The step '{step}' is the platform's own ({call.uses}) and works on the servers of "
            f"'{workspace.name}': `--publish` runs it there as Airflow would; an environment with embedded "
            "stores tries it apart."
        )
    from mlops_runtime.live import sides

    tried = _platform(workspace, folder)
    # MLflow puts artifacts of a database's runs below the current folder.
    with contextlib.chdir(folder):
        sides.bring(tried, "feast")
        for table, frame in given.frames(workspace, _tables(tried, call)).items():
            warehouse.publish_all(tried, {table: frame}, "step")
        if isinstance(call, contracts.ModelCall):
            _before(tried, call)
        return steps.run(tried, pipeline, step)


def _platform(workspace: Workspace, folder: Path) -> Workspace:
    """The compiled output and the team's code, as links, where state lies in this folder."""
    generated = folder / "generated"
    generated.mkdir()
    (generated / "common").symlink_to(workspace.common)
    # Feast's definitions find the tables from where they lie themselves.
    for path in _files(workspace.root / "generated" / workspace.name):
        copy = generated / workspace.name / path.relative_to(workspace.root / "generated" / workspace.name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for name in _CODE:
        if (workspace.root / name).is_dir():
            (folder / name).symlink_to(workspace.root / name)
    mlflow = workspace.environment.mlflow.model_copy(
        update={"tracking_uri": f"sqlite:///{folder / 'mlflow.db'}"}
    )
    state = folder / ".mlops" / workspace.name
    environment = workspace.environment.model_copy(
        update={"mlflow": mlflow, "state": str(state), "warehouse": str(state / "warehouse")}
    )
    return Workspace(folder, environment, workspace.variables)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _tables(workspace: Workspace, call: contracts.MaterializeCall | contracts.ModelCall) -> Iterable[str]:
    if isinstance(call, contracts.MaterializeCall):
        from mlops_runtime.features import store

        opened = store.open_store(workspace)
        return sorted({store.table_of(store.view(opened, name)) for name in call.with_.views})
    from mlops_runtime.training import dataset

    model = workspace.model(call.with_.model)
    scored = {model.batch.entities} if call.uses == "score" and model.batch else set()
    return sorted({*dataset.tables(model), *scored})


def _before(workspace: Workspace, call: contracts.ModelCall) -> None:
    """The steps of training that come first. Nobody is served by this registry, so its gate lets all pass."""
    from mlops_runtime.training import gate
    from mlops_runtime.training.shared_run import resume
    from mlops_runtime.training.steps import STEPS

    for name, work in STEPS.items():
        if name == call.uses:
            break
        work(workspace, call.with_.model)
    if call.uses in ("register", "score"):
        resume(workspace, call.with_.model).set_tags({gate.GATE: gate.PASSED})
