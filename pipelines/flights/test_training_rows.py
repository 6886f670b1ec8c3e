"""The whole sample through the compiled contracts: its pipeline, Feast, and a join that loses no row."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlops_runtime import features, steps
from mlops_runtime.environment import Workspace
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T03:20:00+00:00"
HORIZON = pd.Timedelta("2h")
GIB = 1024 * 1024  # in the kilobytes that getrusage counts in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The repository as compiled, with a state folder of its own."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(REPOSITORY / "generated", root / "generated")
    (root / "pipelines").symlink_to(REPOSITORY / "pipelines")
    opened = Workspace.open({"MLOPS_ROOT": str(root), "MLOPS_NOW": NOW})
    sides.bring(opened, "feast")
    for step in opened.pipeline("flights").steps:
        steps.run(opened, "flights", step)
    yield opened


@pytest.fixture(scope="module")
def entity_rows(workspace: Workspace) -> pd.DataFrame:
    """All 336,776 flights, those still to come and those without a plane included."""
    later = Workspace.open({**workspace.variables, "MLOPS_NOW": "2027-01-01T00:00:00+00:00"})
    steps.run(later, "flights", "ingest")
    flights = warehouse.read(workspace, "flights")
    return flights[["carrier", "airport", "plane"]].assign(event_timestamp=flights["scheduled_at"] - HORIZON)


@pytest.fixture(scope="module")
def joined(workspace: Workspace, entity_rows: pd.DataFrame) -> pd.DataFrame:
    model = workspace.model("departure_delay")
    digests = {item.table: warehouse.current(workspace, item.table).digest for item in model.features}
    refs = [f"{item.view}:{item.feature}" for item in model.features]
    return features.historical(workspace, refs, entity_rows, digests)


def test_each_of_the_336776_flights_comes_back_exactly_once(
    joined: pd.DataFrame, entity_rows: pd.DataFrame
) -> None:
    assert len(entity_rows) == 336_776
    pd.testing.assert_frame_equal(joined[entity_rows.columns], entity_rows)
    assert joined["airport_delays__departures_3h"].notna().sum() > 330_000


def test_the_join_stays_below_three_gibibytes(joined: pd.DataFrame) -> None:
    assert len(joined)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * GIB


@pytest.mark.parametrize(
    ("view", "key", "ttl"),
    [
        ("carrier_delays", "carrier", "1D"),
        ("airport_delays", "airport", "1D"),
        ("plane_delays", "plane", "7D"),
        ("airport_weather", "airport", "12h"),
    ],
)
def test_features_are_those_known_two_hours_before(
    workspace: Workspace, joined: pd.DataFrame, view: str, key: str, ttl: str
) -> None:
    table = warehouse.read(workspace, view)
    columns = [name for name in joined if name.startswith(f"{view}__")]
    for row in joined.sample(40, random_state=1).to_dict("records"):
        moment = row["event_timestamp"]
        known = table[
            (table[key] == row[key])
            & (table["ingested_at"] <= moment)
            & table["observed_at"].between(moment - pd.Timedelta(ttl), moment)
        ]
        newest = known.sort_values("observed_at").tail(1)
        for column in columns:
            found = newest[column.removeprefix(f"{view}__")].dropna().to_list()
            # A missing integer is no number, a missing float is one of its own.
            given = [] if pd.isna(row[column]) else [row[column]]
            np.testing.assert_equal(given, found, err_msg=f"{column} of {row}")
