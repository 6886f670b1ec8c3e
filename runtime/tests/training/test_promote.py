"""Promotions by hand: the gate's mark, what is recorded, and what no force waives."""

from __future__ import annotations

import pytest
from trips import trip_delay
from trips.fixtures import champion_version, in_airflow, run

from mlops_runtime import tracking
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live import aliases
from mlops_runtime.training import promote
from mlops_runtime.training.promote import Asked


def asked(version: str | None = None, *, reason: str = "", forced: bool = False) -> Asked:
    return Asked(version, "ada", reason, forced)


def two_versions(trips: Workspace) -> Workspace:
    run(trips)
    second = in_airflow(trips, "second")
    trip_delay.change(
        trips, "common/runtime/models/trip_delay.json", train__promote_if={"beats": ["baseline"], "by": 0.02}
    )
    run(second)
    assert champion_version(trips) == "2"
    return second


def test_one_goes_back_to_what_served_before_and_forward_again(trips: Workspace) -> None:
    two_versions(trips)
    back = promote.promote(trips, "trip_delay", asked())
    assert (back["before"], back["version"], back["changed"]) == ("2", "1", True)
    assert champion_version(trips) == "1"
    with pytest.raises(PlatformError, match=r"Version 1 of 'trip_delay' is the first"):
        promote.promote(trips, "trip_delay", asked())
    assert promote.promote(trips, "trip_delay", asked("2", reason="it was fine"))["changed"]
    assert not promote.promote(trips, "trip_delay", asked("2", reason="again"))["changed"]
    told = promote.history(trips, "trip_delay")
    assert told["champion"] == "2"
    assert told["versions"][0]["promoted"]["reason"] == "it was fine", "what changes nothing records nothing"
    assert told["versions"][0]["promoted"]["by"] == "ada"


def test_without_the_gates_mark_only_force_promotes_and_the_reason_is_recorded(trips: Workspace) -> None:
    second = two_versions(trips)
    promote.promote(trips, "trip_delay", asked())
    client = tracking.connect(trips)
    run_id = client.get_model_version("trip_delay", "2").run_id
    client.set_tag(run_id, "gate", "refused")
    client.set_tag(run_id, "gate.reason", "It is worse.")
    with pytest.raises(PlatformError, match=r"the gate refused it: It is worse\. If it shall serve"):
        promote.promote(second, "trip_delay", asked("2", reason="I like it"))
    assert champion_version(trips) == "1"
    assert promote.promote(trips, "trip_delay", asked("2", reason="flood: 'x' \"y\"", forced=True))["forced"]
    tags = client.get_model_version("trip_delay", "2").tags
    assert tags["promoted.reason"] == "flood: 'x' \"y\""
    assert (tags["promoted.forced"], tags["promoted.by"], tags["promoted.from"]) == ("true", "ada", "1")


def test_a_gates_mark_on_another_model_of_the_run_is_none(trips: Workspace) -> None:
    two_versions(trips)
    promote.promote(trips, "trip_delay", asked())
    client = tracking.connect(trips)
    client.set_tag(client.get_model_version("trip_delay", "2").run_id, "gate.model_id", "m-another")
    with pytest.raises(PlatformError, match="no gate has judged it"):
        promote.promote(trips, "trip_delay", asked("2"))


def test_what_the_api_would_not_look_up_is_never_promoted_however_it_is_forced(trips: Workspace) -> None:
    two_versions(trips)
    columns = trip_delay.tracking()["signature"]["inputs"]
    trip_delay.change(trips, "common/mlflow/trip_delay.json", signature__inputs=columns[:-1])
    with pytest.raises(PlatformError, match="does not have the signature"):
        promote.promote(trips, "trip_delay", asked("1", reason="now", forced=True))
    assert champion_version(trips) == "2"


def test_a_version_that_is_not_there_is_named_with_those_that_are(trips: Workspace) -> None:
    run(trips)
    with pytest.raises(PlatformError, match=r"'trip_delay' has no version 9; there are 1\."):
        promote.promote(trips, "trip_delay", asked("9"))


def test_an_alias_that_neither_training_nor_promote_moved_is_told_from_one_that_they_did(
    trips: Workspace,
) -> None:
    two_versions(trips)

    def alias() -> tuple[object, object]:
        address = "mlflow/champion/trip_delay"
        return aliases.desired(trips)[address]["version"], aliases.observe(trips)[address]["version"]

    assert alias() == ("2", "2")
    promote.promote(trips, "trip_delay", asked())
    assert alias() == ("1", "1"), "a promotion back is one of ours, although the version is older"
    tracking.connect(trips).set_registered_model_alias("trip_delay", "champion", "2")
    assert alias() == ("1", "2")
    promote.promote(trips, "trip_delay", asked("1", reason="by whom?"))
    assert alias() == ("1", "1")
    tracking.connect(trips).delete_registered_model_alias("trip_delay", "champion")
    assert (len(aliases.desired(trips)), aliases.observe(trips)) == (1, {})
