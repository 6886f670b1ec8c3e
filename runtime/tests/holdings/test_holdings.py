"""What holds data in the stores of a machine, and that it is dropped by its name alone."""

from __future__ import annotations

import sqlite3

import pytest
from trips import trip_delay
from trips.fixtures import run

from mlops_runtime import features, tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import store
from mlops_runtime.holdings import kinds
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse
from mlops_runtime.tracking import seals

TABLE = "table:shop_load"


@pytest.fixture
def shops(workspace: Workspace) -> Workspace:
    trip_delay.publish_trips(workspace)
    return workspace


def test_a_table_says_its_rows_its_bytes_and_who_wrote_it_last(shops: Workspace) -> None:
    current = warehouse.current(shops, "shop_load")
    files = (shops.warehouse / "snapshots" / "shop_load").glob("*.parquet")
    held = kinds.look(shops, [TABLE, "table:nobody_has_it"])
    assert list(held) == [TABLE]
    assert (held[TABLE]["amount"], held[TABLE]["unit"]) == (current.rows, "row")
    assert held[TABLE]["bytes"] == sum(path.stat().st_size for path in files)
    assert held[TABLE]["by"] == current.published_by and held[TABLE]["readers"] == ()


def test_a_dropped_table_is_gone_and_others_are_not_and_it_may_be_published_again(shops: Workspace) -> None:
    others = ["table:trips", "table:driver_state"]
    before = kinds.look(shops, others)
    rows = warehouse.read(shops, "shop_load")
    assert kinds.drop(shops, TABLE)["amount"] == len(rows)
    assert kinds.look(shops, [TABLE, *others]) == before
    assert not list(shops.warehouse.glob("**/*shop_load*"))
    assert kinds.drop(shops, TABLE) == {}, "what is gone is nothing"
    warehouse.publish(shops, "shop_load", rows, "trips.shops")
    assert kinds.look(shops, [TABLE])[TABLE]["amount"] == len(rows)


@pytest.mark.parametrize("gone", ["shop_load.json", "shop_load.parquet", "snapshots/shop_load/*.parquet"])
def test_a_drop_that_was_cut_short_leaves_what_the_same_drop_takes(shops: Workspace, gone: str) -> None:
    (shops.warehouse / "shop_load.json").unlink()
    for path in shops.warehouse.glob(gone):
        path.unlink()
    kinds.drop(shops, TABLE)
    assert kinds.look(shops, [TABLE]) == {}


def test_a_view_that_feast_forgets_keeps_its_online_values_until_they_are_dropped(shops: Workspace) -> None:
    sides.bring(shops, "feast")
    features.materialize(shops, ["shop_load", "driver_state"])
    opened = store.open_store(shops)
    names = [each.name for each in opened.list_feature_views()]
    for folder in ("feature_views/shop_load.py", "feature_services/trip_delay.py"):
        (shops.common / "feast" / folder).unlink()
    shops_repository(shops)
    assert "feast/feature_view/shop_load" in sides.bring(shops, "feast")["applied"]["removed"]
    assert "shop_load" in names and "shop_load" not in registered(shops)
    before = kinds.look(shops, ["online:shop_load", "online:driver_state"])
    assert before["online:shop_load"]["amount"] > 0
    kinds.drop(shops, "online:shop_load")
    after = kinds.look(shops, ["online:shop_load", "online:driver_state"])
    assert after == {"online:driver_state": before["online:driver_state"]}


def shops_repository(workspace: Workspace) -> None:
    """The repository that lists the definitions no longer has those that are gone."""
    file = workspace.feast_repository / "repository.py"
    lines = file.read_text().splitlines()
    gone = ("feature_views.shop_load", "feature_services.trip_delay")
    file.write_text("\n".join(line for line in lines if not any(each in line for each in gone)) + "\n")


def registered(workspace: Workspace) -> set[str]:
    with sqlite3.connect(workspace.state / "feast" / "registry.db") as connection:
        return {name for (name,) in connection.execute("SELECT feature_view_name FROM feature_views")}


def test_a_log_of_predictions_goes_with_its_folder(workspace: Workspace) -> None:
    folder = workspace.state / "predictions" / "trip_delay"
    folder.mkdir(parents=True)
    assert kinds.look(workspace, ["predictions:trip_delay"]) == {}
    (folder / "2026-01-01.jsonl").write_text("{}\n")
    held = kinds.drop(workspace, "predictions:trip_delay")
    assert (held["amount"], held["unit"], held["bytes"]) == (1, "file", 3)
    assert not folder.exists()


def test_what_a_champion_was_trained_on_stays_until_the_champion_is_gone(trips: Workspace) -> None:
    run(trips)
    # Also where the specs have its model no more: the registry has it.
    (trips.common / "runtime" / "models" / "trip_delay.json").unlink()
    champion = "Version 1 of trip_delay, its champion, was trained on it."
    table, model, experiment = "table:trips", "model:trip_delay", "experiment:trip_delay"
    held = kinds.look(trips, [table, model, experiment])
    assert [each["why"] for each in held[table]["readers"]] == [champion]
    assert (held[model]["amount"], held[model]["unit"]) == (1, "version")
    assert held[experiment]["readers"][0]["of"] == model
    with pytest.raises(PlatformError, match=f"'table:trips' is not dropped: {champion}"):
        kinds.drop(trips, table)
    with pytest.raises(PlatformError, match="was trained by a run of it"):
        kinds.drop(trips, experiment)
    kinds.drop(trips, model)
    assert not seals.is_sealed(trips, "trip_delay", "1")
    for address in (experiment, table):
        kinds.drop(trips, address)
    assert kinds.look(trips, [table, model, experiment]) == {}
    assert tracking.connect(trips).get_experiment_by_name("trip_delay").lifecycle_stage == "deleted"


@pytest.mark.parametrize(
    "address", ["table:*", "table:../flights", "table:", "tables:flights", "flights", ":"]
)
def test_nothing_but_a_name_is_looked_for_or_dropped(workspace: Workspace, address: str) -> None:
    for act in (lambda: kinds.look(workspace, [address]), lambda: kinds.drop(workspace, address)):
        with pytest.raises(PlatformError, match="is no object that holds data"):
            act()
