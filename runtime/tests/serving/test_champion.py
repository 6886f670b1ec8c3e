"""Which version an API serves."""

from __future__ import annotations

from trips import trip_delay
from trips.fixtures import in_airflow, run
from trips.online_api import client, predict, wait_until

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace


def test_without_a_champion_it_is_alive_and_not_ready_until_there_is_one(trips: Workspace) -> None:
    with client(trips, ready=False) as opened:
        wait_until(lambda: "alias" in opened.get("/readyz").json()["reason"])
        assert opened.get("/livez").status_code == 200
        assert opened.get("/readyz").status_code == 503
        assert opened.get("/readyz").json()["waits_for"] == "champion"
        assert predict(opened).status_code == 503
        run(trips)
        wait_until(lambda: opened.get("/readyz").status_code == 200)
        assert predict(opened).status_code == 200


def test_a_new_champion_takes_over_and_a_broken_one_does_not(trips: Workspace) -> None:
    stated = {"train__promote_if": {"beats": ["baseline"], "by": 0.02}}
    trip_delay.change(trips, "common/runtime/models/trip_delay.json", **stated)
    run(trips)
    with client(trips) as opened:
        assert predict(opened).json()["model_version"] == "1"
        run(in_airflow(trips, "second"))
        wait_until(lambda: predict(opened).json()["model_version"] == "2")

        registry = tracking.connect(trips)
        broken = registry.create_model_version("trip_delay", f"{trips.root}/nothing-is-here")
        registry.set_registered_model_alias("trip_delay", "champion", broken.version)
        metadata = "/v1/models/trip_delay"
        wait_until(lambda: opened.get(metadata).json()["problem"] is not None)
        assert predict(opened).json()["model_version"] == "2"
        assert opened.get("/readyz").status_code == 200


def test_an_environment_serves_the_version_behind_its_own_alias(trips: Workspace) -> None:
    run(trips)
    trip_delay.change(trips, "local/runtime/environment.json", aliases={"trip_delay": "live"})
    other = Workspace.open({"MLOPS_ROOT": str(trips.root), "MLOPS_ENV": "local"})
    assert other.tracking("trip_delay").aliases.champion == "live"
    assert tracking.champion(tracking.connect(other), other.tracking("trip_delay")) is None
    tracking.connect(other).set_registered_model_alias("trip_delay", "live", "1")
    with client(other) as opened:
        assert opened.get("/readyz").status_code == 200
