from __future__ import annotations

from trips import trip_delay
from trips.fixtures import in_airflow, run, tags

from mlops_runtime.environment import Workspace
from mlops_runtime.training.tries import Tries


def judged(workspace: Workspace, airflow_run: str) -> str:
    """The reason that the gate gives for one more candidate."""
    again = in_airflow(workspace, airflow_run)
    evidence = run(again, "pull_features", "train", "evaluate")
    assert run(again, "gate")["gate"] == "refused"
    return tags(again, evidence["mlflow_run_id"])["gate.reason"]


def test_the_gate_counts_the_candidates_that_were_judged_on_one_holdout(trips: Workspace) -> None:
    run(trips, "pull_features", "train", "evaluate")
    first = run(trips, "gate")
    assert (first["candidates_same_holdout"], first["candidates_similar_holdout"]) == (1, 1)
    assert "candidate number" not in first["reason"]
    run(trips, "register")
    assert judged(trips, "second").endswith("It is candidate number 2 on this holdout.")
    # Other features and code are another candidate on the same rows; a repeated verdict is none.
    trip_delay.write_fit(
        trips.root,
        "from sklearn.dummy import DummyRegressor\n\n\ndef fit(X, y):\n"
        "    return DummyRegressor().fit(X, y)\n",
    )
    assert judged(trips, "third").endswith("It is candidate number 3 on this holdout.")
    assert judged(trips, "third").endswith("It is candidate number 3 on this holdout.")


def test_a_holdout_that_shares_most_of_its_time_is_counted_apart(trips: Workspace) -> None:
    run(trips)
    trip_delay.publish_trips(trips, trip_delay.trips().iloc[:-5])
    reason = judged(trips, "second")
    assert reason.endswith(
        "It is candidate number 1 on this holdout, number 2 on one that shares at least half of its time."
    )


def test_a_first_candidate_is_not_counted_aloud() -> None:
    assert Tries(1, 1).sentence() == ""
