"""Observing changes nothing, tampering is found by address, and applying brings back what is desired."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from feast import Entity, FeatureStore, ValueType
from trips import repository, trip_delay
from trips.fixtures import run

from mlops_runtime import features, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import store
from mlops_runtime.live import sides
from mlops_runtime.live.champions import champions
from mlops_runtime.live.state import Change, State, compare, read_changes

VIEW = "feast/feature_view/shop_load"
VIEWS = ("shop_load", "driver_state")
EXPERIMENT = "mlflow/experiment/trip_delay"
MODEL = "mlflow/registered_model/trip_delay"


def differing(workspace: Workspace, tool: str) -> dict[str, str]:
    side = sides.side(tool)
    found = compare(side.desired(workspace), side.observe(workspace))
    return {change.address: change.kind for change in found}


def repair(workspace: Workspace, tool: str) -> None:
    assert differing(workspace, tool)
    sides.bring(workspace, tool)
    assert differing(workspace, tool) == {}


# --- the comparison


def test_what_is_missing_is_created_what_differs_updated_what_is_foreign_deleted() -> None:
    wanted: State = {"t/a": {"x": 1}, "t/b": {"x": 1}, "t/same": {"x": 1}}
    found: State = {"t/b": {"x": 2}, "t/c": {}, "t/same": {"x": 1}}
    assert compare(wanted, found) == [
        Change("create", "t/a", {"x": 1}, None),
        Change("update", "t/b", {"x": 1}, {"x": 2}),
        Change("delete", "t/c", None, {}),
    ]


def test_changes_are_read_as_the_compiler_writes_them() -> None:
    text = '[{"kind": "delete", "address": "kafka/topic/a/b", "desired": null, "observed": {}, "fields": []}]'
    (change,) = read_changes(text)
    assert change == Change("delete", "kafka/topic/a/b", None, {})
    assert change.name == "a/b"


# --- Feast


@pytest.fixture
def registered(tmp_path: Path) -> Workspace:
    workspace = repository.build(tmp_path / "a folder é")
    sides.bring(workspace, "feast")
    return workspace


def registry(workspace: Workspace) -> bytes:
    return (workspace.state / "feast" / "registry.db").read_bytes()


def rows(workspace: Workspace) -> set[tuple[str, str, bytes]]:
    """Kind, name and definition, with its times, of each object in the registry."""
    tables = {
        "entities": "entity",
        "data_sources": "data_source",
        "feature_views": "feature_view",
        "feature_services": "feature_service",
    }
    with sqlite3.connect(workspace.state / "feast" / "registry.db") as connection:
        return {
            (table, *row)
            for table, one in tables.items()
            for row in connection.execute(f"SELECT {one}_name, {one}_proto FROM {table}")
        }


def test_before_the_first_apply_nothing_is_observed_and_nothing_made(tmp_path: Path) -> None:
    workspace = repository.build(tmp_path)
    assert sides.side("feast").observe(workspace) == {}
    assert not workspace.state.exists()


def test_observing_feast_twice_gives_the_same_and_writes_nothing(registered: Workspace) -> None:
    before = registry(registered)
    first = sides.side("feast").observe(registered)
    assert first == sides.side("feast").observe(registered) == sides.side("feast").desired(registered)
    assert registry(registered) == before


def test_bringing_feast_twice_changes_nothing_the_second_time(registered: Workspace) -> None:
    before = registry(registered)
    assert sides.bring(registered, "feast") == {"objects": 7, "applied": {}}
    assert registry(registered) == before


def test_a_step_that_deletes_nothing_leaves_what_is_not_desired_and_names_it(registered: Workspace) -> None:
    opened = store.open_store(registered)
    opened.apply([Entity(name="theirs", join_keys=["x"], value_type=ValueType.STRING)])
    opened.delete_feature_view("shop_load")
    evidence = sides.bring(registered, "feast", deletes=False)
    assert evidence["kept"] == ["feast/entity/theirs"]
    assert differing(registered, "feast") == {"feast/entity/theirs": "delete"}


def test_only_what_was_tampered_with_is_applied_again(registered: Workspace) -> None:
    before = rows(registered)
    store.open_store(registered).delete_feature_view("shop_load")
    assert differing(registered, "feast") == {VIEW: "create"}
    repair(registered, "feast")
    assert {name for _, name, _ in before - rows(registered)} == {"shop_load"}
    assert len(before - rows(registered)) == 1


def change_entity(opened: FeatureStore) -> None:
    entity = opened.get_entity("shop")
    entity.description = "Tampered."
    opened.apply([entity])


def change_view(opened: FeatureStore) -> None:
    view = opened.get_feature_view("shop_load")
    view.online, view.tags = False, {"by": "hand"}
    opened.apply([view])


def add_entity(opened: FeatureStore) -> None:
    opened.apply([Entity(name="foreign", join_keys=["x"], value_type=ValueType.STRING)])


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (change_entity, {"feast/entity/shop": "update"}),
        (change_view, {VIEW: "update"}),
        (add_entity, {"feast/entity/foreign": "delete"}),
        (
            lambda opened: opened.delete_feature_service("trip_delay"),
            {"feast/feature_service/trip_delay": "create"},
        ),
    ],
)
def test_tampering_with_feast_is_found_and_repaired(registered: Workspace, tamper, found) -> None:  # type: ignore[no-untyped-def]
    tamper(store.open_store(registered))
    assert differing(registered, "feast") == found
    repair(registered, "feast")


def test_a_definition_that_changes_is_an_update_of_its_address(registered: Workspace) -> None:
    file = registered.root / "generated/common/feast/feature_views/shop_load.py"
    file.write_text(file.read_text().replace("online=True", "online=False"))
    assert differing(registered, "feast") == {VIEW: "update"}
    repair(registered, "feast")


def test_a_checkout_that_was_moved_reads_its_tables_where_it_is_now(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    workspace = repository.build(before)
    trip_delay.publish_trips(workspace)
    features.materialize(workspace, VIEWS)
    before.rename(after)
    moved = Workspace.open({"MLOPS_ROOT": str(after)})
    repair(moved, "feast")
    opened = store.open_store(moved)
    read = [each.batch_source.path for each in opened.list_feature_views()] + [
        each.path for each in opened.list_data_sources()
    ]
    assert sorted(read) == sorted(2 * [str(moved.warehouse / f"{name}.parquet") for name in VIEWS])
    assert features.materialize(moved, VIEWS)["shop_load"]["rows"] > 0
    # Nor does anything else of the registry lead back, but the versions of before, which are its history.
    with contextlib.closing(sqlite3.connect(moved.state / "feast" / "registry.db")) as registry:
        kinds = [name for (name,) in registry.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {kind: registry.execute(f'SELECT * FROM "{kind}"').fetchall() for kind in kinds}
    stale = {kind for kind in kinds if f"{before}/".encode() in repr(rows[kind]).encode()}
    assert stale <= {"feature_view_version_history"}


# --- MLflow


def updated(workspace: Workspace) -> tuple[object, ...]:
    client = tracking.connect(workspace)
    experiment = client.get_experiment_by_name("trip_delay")
    return experiment.last_update_time, client.get_registered_model("trip_delay").last_updated_timestamp


def test_observing_mlflow_twice_gives_the_same_and_updates_nothing(trips: Workspace) -> None:
    sides.bring(trips, "mlflow")
    before = updated(trips)
    first = sides.side("mlflow").observe(trips)
    assert first == sides.side("mlflow").observe(trips) == sides.side("mlflow").desired(trips)
    assert sides.bring(trips, "mlflow")["applied"] == {}
    assert updated(trips) == before


def test_an_empty_mlflow_lacks_both_and_observing_makes_neither(trips: Workspace) -> None:
    assert differing(trips, "mlflow") == {EXPERIMENT: "create", MODEL: "create"}
    assert differing(trips, "mlflow") == {EXPERIMENT: "create", MODEL: "create"}
    repair(trips, "mlflow")


@pytest.mark.parametrize("what", ["deleted", "tag", "description", "model"])
def test_tampering_with_mlflow_is_found_and_repaired(trips: Workspace, what: str) -> None:
    sides.bring(trips, "mlflow")
    client = tracking.connect(trips)
    experiment = client.get_experiment_by_name("trip_delay")
    tampers = {
        "deleted": (lambda: client.delete_experiment(experiment.experiment_id), {EXPERIMENT: "update"}),
        "tag": (
            lambda: client.set_experiment_tag(experiment.experiment_id, "owner", "?"),
            {EXPERIMENT: "update"},
        ),
        "description": (lambda: client.update_registered_model("trip_delay", "?"), {MODEL: "update"}),
        "model": (lambda: client.delete_registered_model("trip_delay"), {MODEL: "create"}),
    }
    tamper, found = tampers[what]
    tamper()
    assert differing(trips, "mlflow") == found
    repair(trips, "mlflow")


def test_what_people_add_in_mlflow_is_theirs(trips: Workspace) -> None:
    sides.bring(trips, "mlflow")
    client = tracking.connect(trips)
    client.create_experiment("scratch")
    client.create_registered_model("scratch")
    client.set_registered_model_tag("trip_delay", "reviewed_by", "ann")
    assert differing(trips, "mlflow") == {}


def test_contracts_that_change_are_applied(trips: Workspace) -> None:
    sides.bring(trips, "mlflow")
    trip_delay.change(trips, "common/mlflow/trip_delay.json", registered_model__description="Changed.")
    assert differing(trips, "mlflow") == {MODEL: "update"}
    repair(trips, "mlflow")


# --- tools that this environment lacks


@pytest.mark.parametrize(("tool", "sentence"), [("kafka", "has no Kafka"), ("elk", "has no index of logs")])
def test_an_environment_without_the_tool_says_so(trips: Workspace, tool: str, sentence: str) -> None:
    with pytest.raises(PlatformError, match=sentence):
        sides.side(tool).observe(trips)


def test_what_a_champion_must_be_given_is_read_from_its_own_signature(trips: Workspace) -> None:
    assert champions(trips) == {}
    run(trips)
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=[])
    names = [field["name"] for field in trip_delay.INPUTS]
    assert champions(trips) == {"trip_delay": {"version": "1", "inputs": names}}
