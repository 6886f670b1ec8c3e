from __future__ import annotations

from collections.abc import Iterator

from mlops_runtime.environment import Workspace
from mlops_runtime.holdings.holding import Holding, Reader, moment
from mlops_runtime.tables import removal

_RUN = "mlflow run "  # as training pins what it is bound to


def look(workspace: Workspace, name: str) -> Holding | None:
    found = removal.kept(workspace, name)
    if found is None:
        return None
    runs = {each.removeprefix(_RUN) for each in found.runs if each.startswith(_RUN)}
    readers = tuple(_served(workspace, runs)) if runs else ()
    return Holding(found.rows, "row", found.bytes, moment(found.written), found.by, readers)


def drop(workspace: Workspace, name: str) -> None:
    removal.remove(workspace, name)


def _served(workspace: Workspace, runs: set[str]) -> Iterator[Reader]:
    """Versions with an alias, such as a champion, that were trained on one of its snapshots: without it
    nobody can repeat or explain them. Of all models, as one that left the specs keeps its versions.
    """
    from mlops_runtime import tracking

    client = tracking.connect(workspace)
    with tracking.failures(workspace):
        trained = {
            (each.name, str(each.version))
            for each in tracking.every(client.search_model_versions)
            if each.run_id in runs
        }
        for model in sorted({name for name, _ in trained}):
            for alias, version in client.get_registered_model(model).aliases.items():
                if (model, str(version)) in trained:
                    why = f"Version {version} of {model}, its {alias}, was trained on it."
                    yield Reader(f"model:{model}", why)
