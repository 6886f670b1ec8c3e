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


def test_one_row_of_the_future_moves_no_window_and_is_counted(trips: Workspace) -> None:
    rows = trip_delay.trips()
    future = rows.tail(1).assign(scheduled_at=pd.Timestamp("2099-01-01T00:00:00Z"))
    warehouse.publish(trips, "trips", pd.concat([rows, future]), "trips.test")
    run(trips)
    evidence = score(trips, "trip_delay")
    assert (evidence["rows_scored"], evidence["rows_ahead"]) == (25, 1)


def test_scores_keep_what_tells_their_rows_and_older_scores_and_a_repetition_changes_nothing(
    trips: Workspace,
) -> None:
    run(trips)
    rows = trip_delay.trips().assign(trip_id=range(trip_delay.HOURS))
    warehouse.publish(trips, "trips", rows[:-12], "trips.test")
    score(trips, "trip_delay")
    warehouse.publish(trips, "trips", rows, "trips.test")
    first = score(trips, "trip_delay")
    kept = warehouse.read(trips, "trip_delay_predictions")
    assert sorted(kept["trip_id"]) == list(range(trip_delay.HOURS - 36, trip_delay.HOURS))
    assert "delay" not in kept
    assert score(trips, "trip_delay")["digest"] == first["digest"]


def test_without_a_champion_scoring_is_skipped(trips: Workspace) -> None:
    with pytest.raises(Skipped, match="'trip_delay' has no champion yet"):
        score(trips, "trip_delay")
