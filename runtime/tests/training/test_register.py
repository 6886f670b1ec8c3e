from __future__ import annotations

import pytest
from trips import trip_delay
from trips.fixtures import champion_version, in_airflow, run

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError


def test_registering_again_gives_the_same_version(trips: Workspace) -> None:
    first = run(trips)
    assert run(trips, "register") == first
    versions = tracking.connect(trips).search_model_versions("name='trip_delay'")
    assert [str(version.version) for version in versions] == ["1"]


def test_a_version_carries_where_it_came_from(trips: Workspace) -> None:
    evidence = run(trips)
    version = tracking.connect(trips).get_model_version("trip_delay", evidence["model_version"])
    assert (
        version.tags.items()
        >= {
            "mlflow_run_id": evidence["mlflow_run_id"],
            "spec.digest": trip_delay.spec_digest(trips),
            "airflow.run_id": "first",
        }.items()
    )
    assert {"data.trips", "data.shop_load", "data.driver_state"} <= set(version.tags)


def test_a_version_with_another_signature_leaves_the_champion(trips: Workspace) -> None:
    run(trips)
    second = in_airflow(trips, "second")
    trip_delay.change(
        trips, "common/runtime/models/trip_delay.json", train__promote_if={"beats": ["baseline"], "by": 0.02}
    )
    run(second, "pull_features", "train", "evaluate", "gate")
    columns = trip_delay.tracking()["signature"]["inputs"]
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=columns[::-1])
    with pytest.raises(PlatformError, match=r"Version 2 of 'trip_delay' does not have the signature"):
        run(second, "register")
    assert champion_version(second) == "1"
