from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from trips import trip_delay
from trips.fixtures import run

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.predictions.folder import folder_of
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


def test_the_share_of_missing_features_stands_in_evidence_and_prediction_log(trips: Workspace) -> None:
    run(trips)
    evidence = score(trips, "trip_delay")
    rows = trip_delay.trips().tail(24)
    share = (rows["driver"] == "cy").mean()
    assert evidence["missing"] == {"driver_state__last_delay": round(share, 4)}
    [path] = folder_of(trips, "trip_delay").iterdir()
    lacking = [list(each) for each in pd.read_parquet(path)["_missing"]]
    assert lacking == [["driver_state__last_delay"] if each == "cy" else [] for each in rows["driver"]]


def test_rows_that_lack_more_features_than_the_policy_allows_are_neither_learned_from_nor_scored(
    trips: Workspace,
) -> None:
    nowhere = {"shop": lambda rows: rows["shop"].where(rows.index % 7 > 0, "nowhere")}
    warehouse.publish(trips, "trips", trip_delay.trips().assign(**nowhere), "trips.test")
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", max_missing=0.5)
    learned = run(trips, "pull_features")
    run(trips, "train", "evaluate", "gate", "register")
    evidence = score(trips, "trip_delay")
    assert 180 < learned["rows_unusable"] < 190  # the seventh of them, and none for its driver alone
    published = warehouse.read(trips, "trip_delay_predictions")
    assert (evidence["rows_rejected"], len(published)) == (3, 21)
    assert "nowhere" not in set(published["shop"]) and "cy" in set(published["driver"])


def test_a_feature_that_all_rows_to_be_scored_lack_is_an_error_with_its_cause(trips: Workspace) -> None:
    run(trips)
    january = pd.Timestamp("2026-01-02", tz="UTC")
    tried: list[tuple[str, dict[str, Any], str]] = [
        (
            "shop_load",
            {"orders": None},
            "lack shop_load__orders; .* 0% did.* no row of the table 'shop_load'",
        ),
        (
            "shop_load",
            {"shop": "x"},
            r"mean_wait and 1 more input; .* none of the keys \(shop\) of 'trips' is",
        ),
        ("shop_load", {"observed_at": january}, "is older than the view's ttl"),
        ("shop_load", {"ingested_at": pd.Timestamp("2200-01-01", tz="UTC")}, "were recorded .* only after"),
        ("driver_state", {"driver": "x"}, "lack driver_state__last_delay; .* 3[0-9]% did. Nothing is scored"),
    ]
    for policy in ("allow", "reject"):
        trip_delay.change(trips, "common/runtime/models/trip_delay.json", missing_features=policy)
        opened = Workspace.open({"MLOPS_ROOT": str(trips.root)})
        for table, change, sentence in tried:
            rows = warehouse.read(trips, table)
            warehouse.publish(trips, table, rows.assign(**change), "trips.test")
            with pytest.raises(PlatformError, match="All 24 rows of 'trips' .*" + sentence):
                score(opened, "trip_delay")
            warehouse.publish(trips, table, rows, "trips.test")


def test_a_feature_that_a_few_rows_lack_by_chance_holds_no_scoring_back(trips: Workspace) -> None:
    run(trips)
    rows = trip_delay.trips()
    rows.loc[rows.index[-3:], "driver"] = "cy"  # as a third of those learned from
    warehouse.publish(trips, "trips", rows, "trips.test")
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", batch__window_seconds=3 * 3600)
    assert score(trips, "trip_delay")["missing"]["driver_state__last_delay"] == 1


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


def test_scoring_before_its_data_waits(trips: Workspace) -> None:
    run(trips)
    warehouse.publish(trips, "driver_state", trip_delay.driver_state().head(0), "trips.test")
    with pytest.raises(Skipped, match="The table 'driver_state' has no rows yet"):
        score(trips, "trip_delay")


def test_without_a_champion_scoring_is_skipped(trips: Workspace) -> None:
    with pytest.raises(Skipped, match="'trip_delay' has no champion yet"):
        score(trips, "trip_delay")
