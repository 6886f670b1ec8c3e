from __future__ import annotations

import pandas as pd
import pytest
from trips import trip_delay
from trips.fixtures import run

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import Skipped
from mlops_runtime.scoring.score import score
from mlops_runtime.tables import warehouse


def test_the_newest_window_is_scored_with_the_champion_and_published(trips: Workspace) -> None:
    version = run(trips)["model_version"]
    evidence = score(trips, "trip_delay")
    published = warehouse.read(trips, "trip_delay_predictions")
    newest = trip_delay.trips()["scheduled_at"].max()
    assert evidence["rows_scored"] == len(published) == 24
    assert published["scheduled_at"].min() > newest - pd.Timedelta("1d")
    assert set(published["model_version"]) == {version}
    north = published.loc[published["shop"] == "north", "prediction"].mean()
    assert north > published.loc[published["shop"] == "south", "prediction"].mean() + 10
    assert evidence["digests"]["trips"] == warehouse.current(trips, "trips").digest


def test_rows_without_their_features_are_rejected_and_counted(trips: Workspace) -> None:
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", missing_features="reject")
    run(trips)
    evidence = score(trips, "trip_delay")  # nothing is known of the driver `cy`
    published = warehouse.read(trips, "trip_delay_predictions")
    assert "cy" not in set(published["driver"])
    assert evidence["rows_rejected"] == 24 - len(published) > 0


def test_without_a_champion_scoring_is_skipped(trips: Workspace) -> None:
    with pytest.raises(Skipped, match="'trip_delay' has no champion yet"):
        score(trips, "trip_delay")
