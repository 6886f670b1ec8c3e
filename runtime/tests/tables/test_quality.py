"""What a view asks of its table's rows holds a publication back, before it is published or online."""

from __future__ import annotations

import json
import logging
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from trips import repository

from mlops_runtime import features, steps
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import store
from mlops_runtime.live import sides
from mlops_runtime.tables import warehouse

START = datetime(2026, 3, 1, tzinfo=UTC)
CODE = """
import pandas as pd

START = pd.Timestamp("2026-03-01", tz="UTC")

def shops(orders):
    hours = range(len(orders))
    return pd.DataFrame({"shop": "north", "orders": orders, "mean_wait": 1.0,
        "observed_at": [START + pd.Timedelta(hours=hour) for hour in hours],
        "ingested_at": [START + pd.Timedelta(hours=hour) for hour in hours]})

def both(orders):
    times = {"observed_at": [START], "ingested_at": [START]}
    drivers = pd.DataFrame({"driver": ["d"], "last_delay": [1.0], **times})
    return {"driver_state": drivers, "shop_load": shops(orders)}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return repository.build(tmp_path)


def rows(**changes: Any) -> pd.DataFrame:
    times = [START + timedelta(hours=hour) for hour in range(10)]
    frame = {
        "shop": "north",
        "orders": range(10),
        "mean_wait": 1.0,
        "observed_at": times,
        "ingested_at": times,
    }
    return pd.DataFrame(frame | changes)


def publish(workspace: Workspace, frame: pd.DataFrame, **options: Any) -> warehouse.Snapshot:
    return warehouse.publish(workspace, "shop_load", frame, "trips.shops", **options)


@pytest.mark.parametrize(
    ("asked", "frame", "reason"),
    [
        (
            {"orders": {"max": 7.5}},
            rows(),
            "2 of 10 rows break `max: 7.5` of 'orders', such as 8, 9 (features/shop_load.yaml)",
        ),
        ({"orders": {"min": 1}}, rows(), "1 of 10 rows break `min: 1` of 'orders', such as 0"),
        (
            {"orders": {"max": 8, "personal": True}},
            rows(),
            "1 of 10 rows break `max: 8` of 'orders' (features/shop_load.yaml)",
        ),
        ({"mean_wait": {"max": 0.5}}, rows(mean_wait=[None, 2.0] * 5), "5 of 10 rows break `max: 0.5`"),
        ({"orders": {"max": 5}}, rows(orders=[2**60 + 1, *[1] * 9]), "such as 1152921504606846977"),
        (
            {"mean_wait": {"max_missing": 0.2}},
            rows(mean_wait=[1.0] * 5 + [None] * 5),
            "5 of 10 rows of the newest 24 hours lack 'mean_wait', more than `max_missing: 20%`",
        ),
        ({"min_rows": 11}, rows(), "the newest 24 hours have 10 rows, less than `min_rows: 11`"),
        (
            {"window_seconds": 7200, "min_rows": 3},
            rows(),
            "the newest 2 hours have 2 rows, less than `min_rows: 3`",
        ),
        (
            {},
            pd.concat([rows(), rows(orders=99)[:2]]),
            "4 of 12 rows state different values of one shop, observed_at, ingested_at, such as at 2026",
        ),
    ],
)
def test_rows_that_break_a_rule_are_held_back_with_rule_number_and_sample(
    workspace: Workspace, asked: dict[str, Any], frame: pd.DataFrame, reason: str
) -> None:
    before = publish(workspace, rows(orders=5))
    of = {name: asked.pop(name) for name in ("orders", "mean_wait") if name in asked}
    repository.ask(workspace, "stop", of, **asked)
    with pytest.raises(PlatformError) as raised:
        publish(workspace, frame)
    assert str(raised.value).startswith(
        "'shop_load' of trips.shops is held back, and what was there before stays"
    )
    assert reason in str(raised.value)
    assert "north" not in str(raised.value)
    assert warehouse.current(workspace, "shop_load") == before
    repository.ask(workspace, "warn", of, **asked)
    assert publish(workspace, frame) == warehouse.current(workspace, "shop_load") != before


def test_what_breaks_no_rule_is_published_and_rows_that_say_the_same_twice_do_no_harm(
    workspace: Workspace,
) -> None:
    asked = {"orders": {"min": 0, "max": 9, "max_missing": 0.0}, "mean_wait": {"max_missing": 0.5}}
    repository.ask(workspace, "stop", asked, min_rows=10)
    publish(workspace, pd.concat([rows(mean_wait=[None, 1.0] * 5)] * 2))
    # Rows of the table's past are asked of the table as a whole only.
    publish(workspace, rows()[:1], mode="append")


def test_a_warning_says_the_rule_in_the_log(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    repository.ask(workspace, "warn", {"orders": {"max": 8}})
    with caplog.at_level(logging.WARNING):
        publish(workspace, rows())
    assert caplog.messages == [
        "'shop_load' of trips.shops breaks a rule of features/shop_load.yaml: 1 of 10 rows break `max: 8` of "
        "'orders', such as 9"
    ]


def test_of_a_step_that_writes_several_tables_none_is_published_where_one_is_held_back(
    workspace: Workspace,
) -> None:
    (workspace.root / "code.py").write_text(CODE)
    call = repository.function_call("code.py", "both", {"orders": [1, 99]})
    repository.add_pipeline(workspace, {"shops": {"call": call, "writes": ["driver_state", "shop_load"]}})
    repository.ask(workspace, "stop", {"orders": {"max": 9}})
    with pytest.raises(PlatformError, match="held back"):
        steps.run(workspace, "trips", "shops")
    for table in ("driver_state", "shop_load"):
        with pytest.raises(PlatformError, match="never published"):
            warehouse.current(workspace, table)


def test_what_is_held_back_reaches_neither_training_nor_serving_and_the_next_good_run_does(
    workspace: Workspace,
) -> None:
    (workspace.root / "code.py").write_text(CODE)
    repository.ask(workspace, "stop", {"orders": {"max": 9}})

    def run(orders: list[int]) -> None:
        call = repository.function_call("code.py", "shops", {"orders": orders})
        step = {"call": repository.materialize_call("shop_load"), "reads": ["shop_load"]}
        repository.add_pipeline(workspace, {"shops": {"call": call, "writes": ["shop_load"]}, "online": step})
        steps.run(workspace, "trips", "shops")
        steps.run(workspace, "trips", "online")

    sides.bring(workspace, "feast")
    run([1, 2])
    with pytest.raises(PlatformError, match=r"1 of 3 rows break `max: 9` of 'orders', such as 99"):
        run([1, 2, 99])
    assert (online(workspace), list(warehouse.read(workspace, "shop_load")["orders"])) == ([2], [1, 2])
    run([1, 2, 3])
    assert (online(workspace), list(warehouse.read(workspace, "shop_load")["orders"])) == ([3], [1, 2, 3])
    # A rule that is stated later holds back what was published before.
    repository.ask(workspace, "stop", {"orders": {"max": 2}})
    with pytest.raises(PlatformError, match="what is to come online of 'shop_load' is held back"):
        features.materialize(workspace, ["shop_load"])


def online(workspace: Workspace) -> list[Any]:
    opened = store.open_store(workspace)
    answer = opened.get_online_features(features=["shop_load:orders"], entity_rows=[{"shop": "north"}])
    return list(answer.to_dict()["orders"])


def test_what_is_held_back_is_exactly_what_an_oracle_holds_back(workspace: Workspace) -> None:
    chance = random.Random(0)
    held = 0
    for _ in range(150):
        orders = [chance.choice([None, chance.randrange(-3, 12), 2**60]) for _ in range(10)]
        low, high = chance.choice([None, -2, 0.5]), chance.choice([None, 9, 10.5, 2.0**60])
        share = chance.choice([None, 0.0, 0.3, 1.0])
        repository.ask(workspace, "stop", {"orders": {"min": low, "max": high, "max_missing": share}})
        known = [each for each in orders if each is not None]
        broken = any(
            (low is not None and each < low) or (high is not None and each > high) for each in known
        ) or (share is not None and (10 - len(known)) / 10 > share)
        frame = rows(orders=pd.array(orders, dtype="Int64"))
        if broken:
            held += 1
            with pytest.raises(PlatformError, match="held back"):
                publish(workspace, frame)
        else:
            publish(workspace, frame)
    print(f"figure: publications: 150, {held} of them held back, as the oracle holds them")


def test_a_rule_that_only_warns_stands_in_the_evidence_of_who_writes_and_of_who_reads(
    workspace: Workspace,
) -> None:
    (workspace.root / "code.py").write_text(CODE + "\ndef look(shop_load):\n    pass\n")
    broken = "1 of 2 rows break `max: 9` of 'orders', such as 99 (features/shop_load.yaml)"

    def run(orders: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
        write = repository.function_call("code.py", "shops", {"orders": orders})
        read = {"call": repository.function_call("code.py", "look"), "reads": ["shop_load"]}
        repository.add_pipeline(workspace, {"shops": {"call": write, "writes": ["shop_load"]}, "look": read})
        written = steps.run(workspace, "trips", "shops")["written"]["shop_load"]
        return written, steps.run(workspace, "trips", "look")["read"]["shop_load"]

    assert all("warnings" not in told for told in run([1, 99]))
    # A rule that is stated later is held against the same rows, and one that is taken back is forgotten.
    repository.ask(workspace, "warn", {"orders": {"max": 9}})
    assert [told["warnings"] for told in run([1, 99])] == [[broken]] * 2
    digest = warehouse.current(workspace, "shop_load").digest
    assert warehouse.warnings(workspace, {"shop_load": digest}) == {"shop_load": [broken]}
    assert warehouse.warnings(workspace, {"shop_load": "of another time", "late_trips": "x"}) == {}
    assert all("warnings" not in told for told in run([1, 2]))
    repository.ask(workspace, "warn", {})
    assert all("warnings" not in told for told in run([1, 99]))


def test_what_is_current_since_before_warnings_were_kept_is_read(workspace: Workspace) -> None:
    publish(workspace, rows())
    path = workspace.warehouse / "shop_load.json"
    told = json.loads(path.read_bytes())
    del told["warned"]
    path.write_text(json.dumps(told))
    assert warehouse.current(workspace, "shop_load").warned == ()
