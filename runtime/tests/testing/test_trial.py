"""`mlops step`: one step on tables, files or made-up rows, and nothing of it left."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from trips import repository, trip_delay

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.tables import warehouse
from mlops_runtime.testing.given import Given
from mlops_runtime.testing.trial import trial

LATE = "def late(trips):\n    return trips[trips['delay'] > 1]\n"
USES = ("pull_features", "train", "evaluate", "gate", "register")


@pytest.fixture
def late(tmp_path: Path) -> Workspace:
    workspace = repository.build(tmp_path)
    call = repository.function_call("pipelines/trips/late.py", "late")
    repository.add_pipeline(workspace, {"late": {"reads": ["trips"], "writes": ["late_trips"], "call": call}})
    code = tmp_path / "pipelines/trips/late.py"
    code.parent.mkdir(parents=True)
    code.write_text(LATE, encoding="utf-8")
    return workspace


def given(workspace: Workspace, file: str, text: str, table: str = "trips") -> Given:
    path = workspace.root / file
    path.write_text(text, encoding="utf-8")
    return Given(files={table: path})


TRIPS = "scheduled_at,shop,driver,distance,delay\n"


def test_a_csv_file_stands_in_for_a_table_in_the_types_of_its_contract(late: Workspace) -> None:
    text = "2026-01-01T10:00,007,x,12,0.5\n2026-01-01T12:00+02:00,008,,13,2\n2026-01-02T10:00Z,009,y,14,\n"
    said = trial(late, "trips", "late", given(late, "trips.csv", TRIPS + text), publish=False)
    assert "read     trips: 3 rows" in said and "written  late_trips: 1 rows" in said
    assert "2026-01-01 10:00:00+00:00" in said and "008" in said
    assert said.endswith("Nothing is published (`--publish` does it).")
    with pytest.raises(PlatformError, match=r"--rows 100.*--input trips=FILE"):
        trial(late, "trips", "late", Given(), publish=False)


def test_a_parquet_file_stands_in_for_a_table(late: Workspace) -> None:
    trip_delay.trips().to_parquet(late.root / "some.parquet")
    files = {"trips": late.root / "some.parquet"}
    assert "written  late_trips" in trial(late, "trips", "late", Given(files=files), publish=False)


@pytest.mark.parametrize(
    ("file", "text", "table", "sentence"),
    [
        (
            "a.csv",
            TRIPS + "2026-01-01,a,x,far,1\n",
            "trips",
            r"a\.csv cannot be read as the table 'trips'.*far",
        ),
        ("a.csv", TRIPS + "soon,a,x,1,1\n", "trips", r"a\.csv cannot be read as the table 'trips'.*soon"),
        ("a.csv", "", "trips", r"a\.csv cannot be read as the table 'trips': Empty CSV"),
        ("a.csv", "shop\na\n", "trips", "its frame lacks 'scheduled_at'"),
        ("a.csv", TRIPS, "trip", "reads no table 'trip'; did you mean 'trips'?"),
        ("a.parquet", "no parquet", "trips", r"a\.parquet cannot be read as the table"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(
    late: Workspace, file: str, text: str, table: str, sentence: str
) -> None:
    with pytest.raises(PlatformError, match=sentence):
        trial(late, "trips", "late", given(late, file, text, table), publish=False)


def test_a_file_that_is_not_there_is_named(late: Workspace) -> None:
    with pytest.raises(PlatformError, match=r"none\.csv cannot be read as the table 'trips'"):
        trial(late, "trips", "late", Given(files={"trips": late.root / "none.csv"}), publish=False)


def files_of(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_each_step_of_a_training_is_tried_apart_with_those_before_it(trips: Workspace) -> None:
    steps = {
        uses: {"call": {"kind": "platform", "uses": uses, "with": {"model": "trip_delay"}}} for uses in USES
    }
    repository.add_pipeline(trips, steps, name="train_trip_delay")
    before = files_of(trips.root)
    said = trial(trips, "train_trip_delay", "register", Given(), publish=False)
    assert 'model_version: "1"' in said and "Nothing is published" in said
    assert files_of(trips.root) == before


def test_materialisation_is_tried_apart_on_a_file(trips: Workspace) -> None:
    repository.add_pipeline(
        trips, {"online": {"call": repository.materialize_call("shop_load")}}, name="load"
    )
    # As `mlops step` calls it: with the state of what runs.
    trips = dataclasses.replace(trips, variables={**trips.variables, "MLOPS_STATE": str(trips.state)})
    frame: pd.DataFrame = warehouse.read(trips, "shop_load").head(7)
    frame.to_parquet(trips.root / "seven.parquet")
    before = files_of(trips.root)
    files = {"shop_load": trips.root / "seven.parquet"}
    assert '"rows": 7' in trial(trips, "load", "online", Given(files=files), publish=False)
    assert files_of(trips.root) == before


def test_where_stores_are_servers_a_step_of_the_platform_asks_for_publish(tmp_path: Path) -> None:
    workspace = repository.build_with_servers(tmp_path, 15432, 16379, {})
    repository.add_pipeline(workspace, {"online": {"call": repository.materialize_call("shop_load")}})
    with pytest.raises(PlatformError, match="works on the servers of 'local': `--publish` runs it there"):
        trial(workspace, "trips", "online", Given(), publish=False)
