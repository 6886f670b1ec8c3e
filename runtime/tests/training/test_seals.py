"""What somebody puts into the registry, or changes there, is neither loaded nor served."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
import skops.io
import yaml
from sklearn.preprocessing import FunctionTransformer
from trips import trip_delay
from trips.fixtures import champion_version, in_airflow, run, tags
from trips.online_api import client, predict, put_online, wait_until

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.scoring.score import score
from mlops_runtime.tracking import adoption, seals
from mlops_runtime.training import formats, predictor, promote

NAME = "trip_delay"


class Command:
    """A model whose loading runs a command."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.trace}",)


def files(workspace: Workspace, version: str) -> Path:
    """Where the version's files lie."""
    made = tracking.connect(workspace).get_model_version(NAME, version)
    return folder_of(made.source.removeprefix("models:/"))


def folder_of(model_id: str) -> Path:
    return Path(mlflow.get_logged_model(model_id).artifact_location.removeprefix("file://"))


def copied(workspace: Workspace) -> Path:
    copy = workspace.root / "foreign"
    copy.mkdir()
    for each in files(workspace, "1").iterdir():
        (copy / each.name).write_bytes(each.read_bytes())
    return copy


def foreign(workspace: Workspace, trace: Path) -> str:
    """A version that a client of MLflow's made of the champion's files and a command; its champion now."""
    copy = copied(workspace)
    (copy / "model.pkl").write_bytes(pickle.dumps(Command(trace)))
    stated = (copy / "MLmodel").read_text()
    stated = stated.replace("serialization_format: skops", "serialization_format: pickle")
    (copy / "MLmodel").write_text(stated.replace("model.skops", "model.pkl"))
    registry = tracking.connect(workspace)
    version = registry.create_model_version(NAME, str(copy)).version
    registry.set_registered_model_alias(NAME, "champion", version)
    return str(version)


def easily(workspace: Workspace) -> Workspace:
    """The second training, whose model any baseline lets pass."""
    stated = {"train__promote_if": {"beats": ["baseline", "champion"], "by": -1.0}}
    trip_delay.change(workspace, "common/runtime/models/trip_delay.json", **stated)
    return in_airflow(workspace, "second")


def test_a_version_whose_loading_runs_a_command_runs_none(trips: Workspace, tmp_path: Path) -> None:
    run(trips)
    put_online(trips)
    trace = tmp_path / "it-ran"
    with client(trips) as opened:
        assert predict(opened).json()["model_version"] == "1"
        version = foreign(trips, trace)
        metadata = "/v1/models/trip_delay"
        wait_until(lambda: opened.get(metadata).json()["problem"] is not None)
        assert "registered by no training" in opened.get(metadata).json()["problem"]
        assert predict(opened).json()["model_version"] == "1"
    with client(trips) as opened:  # one that starts anew has none to go on with
        wait_until(lambda: opened.get("/readyz").status_code == 200)
        assert predict(opened).json()["model_version"] == "1"
    with pytest.raises(PlatformError, match="registered by no training"):
        score(trips, NAME)
    with pytest.raises(PlatformError, match="no training of this environment made it"):
        promote.promote(trips, NAME, promote.Asked(version, "eve", "it is better", False))
    evidence = run(easily(trips))
    assert "cannot be asked" in tags(trips, evidence["mlflow_run_id"])["gate.reason"]
    assert champion_version(trips) == str(int(version) + 1), "the next training takes its place"
    assert not trace.exists()


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def lose(path: Path) -> None:
    path.unlink()


def lead_elsewhere(path: Path) -> None:
    same = path.with_name("elsewhere")
    path.rename(same)
    path.symlink_to(same)


def test_each_file_of_a_version_is_known(trips: Workspace) -> None:
    run(trips)
    folder = files(trips, "1")
    loaded = predictor.load_version(trips, NAME, "1")
    assert loaded.example is not None
    sealed = seals.of_version(trips, NAME, "1")
    names = sorted(each.name for each in folder.iterdir())
    assert {"MLmodel", "model.skops", "requirements.txt"} <= set(names)
    for name in names:
        for damage in (change, lose, lead_elsewhere):
            kept = (folder / name).read_bytes()
            damage(folder / name)
            with pytest.raises(seals.Unsealed, match="version 1 of 'trip_delay' are no longer"):
                seals.require(folder, sealed, "version 1 of 'trip_delay'")
            (folder / "elsewhere").unlink(missing_ok=True)
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_bytes(kept)
    (folder / "code.py").write_text("print('hello')")
    with pytest.raises(seals.Unsealed, match="are no longer those that were trained"):
        predictor.load_version(trips, NAME, "1")


def test_what_a_notebook_compares_with_is_the_sealed_champion(trips: Workspace) -> None:
    with pytest.raises(PlatformError, match="No version of 'trip_delay' has the alias 'champion' yet"):
        predictor.load_champion(trips, NAME)
    run(trips)
    assert predictor.load_champion(trips, NAME).columns == predictor.load_version(trips, NAME, "1").columns
    registry = tracking.connect(trips)
    registry.create_model_version(NAME, str(files(trips, "1")))
    registry.set_registered_model_alias(NAME, "champion", "2")
    with pytest.raises(seals.Unsealed, match="Version 2 of 'trip_delay' was registered by no training"):
        predictor.load_champion(trips, NAME)


def test_files_that_change_between_two_steps_of_a_training_are_not_loaded(trips: Workspace) -> None:
    model_id = run(trips, "pull_features", "train")["model_id"]
    change(folder_of(model_id) / "model.skops")
    with pytest.raises(PlatformError, match=f"The files of the model {model_id} are no longer"):
        run(trips, "evaluate")


def test_whoever_forces_a_version_answers_for_its_files_as_they_are_then(trips: Workspace) -> None:
    run(trips)
    registry = tracking.connect(trips)
    registry.create_model_version(NAME, str(files(trips, "1")))
    asked = promote.Asked("2", "ada", "made on the big machine", True)
    assert promote.promote(trips, NAME, asked)["forced"]
    predictor.load_version(trips, NAME, "2")
    assert seals.champion(trips, NAME) == "2"
    change(files(trips, "1") / "model.skops")
    with pytest.raises(seals.Unsealed):
        predictor.load_version(trips, NAME, "2")


def test_nobody_answers_for_code_that_the_spec_does_not_allow(trips: Workspace, tmp_path: Path) -> None:
    run(trips)
    trace = tmp_path / "it-ran"
    asked = promote.Asked(foreign(trips, trace), "ada", "it is better", True)
    with pytest.raises(PlatformError, match=r"is no skops file of known types.*say `pickle: true`"):
        promote.promote(trips, NAME, asked)
    assert not trace.exists()
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", train__pickle=True)
    with pytest.raises(Exception, match="int"):  # what the command returned is no model
        promote.promote(trips, NAME, asked)
    assert trace.exists(), "the test can fail"


def test_a_skops_file_is_read_by_our_list_and_not_by_its_own(trips: Workspace) -> None:
    run(trips)
    copy = copied(trips)
    skops.io.dump(FunctionTransformer(subprocess.check_output), copy / "model.skops")
    stated = yaml.safe_load((copy / "MLmodel").read_text())
    stated["flavors"]["sklearn"]["skops_trusted_types"] = ["subprocess.check_output"]
    (copy / "MLmodel").write_text(yaml.safe_dump(stated))
    mlflow.sklearn.load_model(str(copy))  # by its own list, it is fine
    tracking.connect(trips).create_model_version(NAME, str(copy))
    with pytest.raises(PlatformError, match=r"hold types that are not loaded: subprocess\.check_output"):
        promote.promote(trips, NAME, promote.Asked("2", "ada", "it is better", True))


def test_what_scikit_learn_imports_from_elsewhere_is_not_its_own() -> None:
    module = importlib.import_module("sklearn.utils._testing")
    elsewhere = [
        name
        for name, value in vars(module).items()
        if callable(value) and not str(getattr(value, "__module__", "")).startswith("sklearn.")
    ]
    assert "check_output" in elsewhere
    assert [name for name in elsewhere if formats.is_ours(f"sklearn.utils._testing.{name}")] == []
    assert formats.is_ours("sklearn.tree._tree.Tree")
    assert not formats.is_ours("sklearn.no_such_module.Tree")
    assert not formats.is_ours("sklearn.datasets._openml.fetch_openml")


def test_an_environment_that_is_older_than_seals_goes_on_with_its_champions(trips: Workspace) -> None:
    run(trips)
    forget(trips)
    with pytest.raises(seals.Unsealed):
        predictor.load_version(trips, NAME, "1")
    assert adoption.adopt_champions(trips) == ["trip_delay 1"]
    predictor.load_version(trips, NAME, "1")
    assert adoption.adopt_champions(trips) == []
    foreign_version = tracking.connect(trips).create_model_version(NAME, str(files(trips, "1"))).version
    tracking.connect(trips).set_registered_model_alias(NAME, "champion", foreign_version)
    assert adoption.adopt_champions(trips) == [], "only once"


def test_a_damaged_seal_says_so(trips: Workspace) -> None:
    run(trips)
    (path,) = (trips.state / "seals" / "versions").rglob("1.json")
    damages: list[Any] = [b"", b"{", b"[]", b"{}", b'{"digest": 3}', b"\xff\xfe"]
    for damage in damages:
        path.write_bytes(damage)
        with pytest.raises(PlatformError, match=r"1\.json is damaged"):
            predictor.load_version(trips, NAME, "1")


def forget(workspace: Workspace) -> None:
    for path in sorted((workspace.state / "seals").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
