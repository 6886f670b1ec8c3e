from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError, Skipped
from mlops_runtime.machine import durable
from mlops_runtime.tables import frames, snapshots, warehouse


def at(*texts: str) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), utc=True)


def shops(*orders: int, day: str = "2026-01-01") -> pd.DataFrame:
    times = [f"{day}T{hour:02}:00Z" for hour in range(len(orders))]
    return pd.DataFrame(
        {
            "shop": "a",
            "orders": list(orders),
            "mean_wait": 1.5,
            "observed_at": at(*times),
            "ingested_at": at(*times) + pd.Timedelta("10min"),
        }
    )


def publish(workspace: Workspace, frame: pd.DataFrame, **options: object) -> warehouse.Snapshot:
    return warehouse.publish(workspace, "shop_load", frame, "trips.shops", **options)  # type: ignore[arg-type]


def orders(workspace: Workspace) -> list[int]:
    return warehouse.read(workspace, "shop_load")["orders"].tolist()


def test_a_published_table_is_a_snapshot_named_by_the_digest_of_its_bytes(workspace: Workspace) -> None:
    published = publish(workspace, shops(1, 2))
    snapshot = snapshots.find(workspace, "shop_load", published.digest)
    assert durable.sha256(snapshot) == published.digest
    assert snapshot.samefile(workspace.warehouse / "shop_load.parquet")
    assert json.loads((workspace.warehouse / "shop_load.json").read_text()) == {
        "table": "shop_load",
        "digest": published.digest,
        "rows": 2,
        "previous": None,
        "published_by": "trips.shops",
        "warned": [],
    }


def test_the_same_rows_in_another_order_have_the_same_digest(workspace: Workspace) -> None:
    first = publish(workspace, shops(3, 1, 2))
    again = publish(workspace, shops(3, 1, 2).sample(frac=1, random_state=1))
    assert again == first
    changed = publish(workspace, shops(3, 1, 7))
    assert changed.digest != first.digest and changed.previous == first.digest


def test_columns_have_the_declared_types_when_read_back(workspace: Workspace) -> None:
    publish(workspace, shops(1, 2).astype({"orders": "int32", "mean_wait": "int64"}))
    types = warehouse.read(workspace, "shop_load").dtypes.astype(str).to_dict()
    assert types["orders"] == "int64" and types["mean_wait"] == "float64"
    assert types["observed_at"] == "datetime64[ns, UTC]"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: pd.concat([f, f["shop"]], axis=1), "has the column 'shop' more than once"),
        (lambda f: f.drop(columns="orders"), r"lacks 'orders' \(required by features/shop_load\.yaml\)"),
        (
            lambda f: f.assign(orders=["one", "two"]),
            r"'orders' is object \(string\) and cannot be stored as int64",
        ),
        (lambda f: f.assign(orders=[1.5, 2]), "column 'orders' is float64 and cannot be stored as int64"),
        (lambda f: f.assign(shop=[1, 2]), "column 'shop' is int64 and cannot be stored as string"),
        (lambda f: f.assign(observed_at=[pd.NaT, f["observed_at"][0]]), "1 of 2 rows have no 'observed_at'"),
        (
            lambda f: f.assign(observed_at=f["observed_at"].dt.tz_localize(None)),
            r"\(a time without zone is not a timestamp\): .*frame\['observed_at'\]\)\.dt\.tz_localize",
        ),
    ],
    ids=[
        "column twice",
        "missing column",
        "text for a number",
        "fraction for an integer",
        "number for text",
        "no time",
        "naive",
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused(workspace: Workspace, change, sentence: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlatformError, match=sentence):
        publish(workspace, change(shops(1, 2)))
    assert not (workspace.warehouse / "shop_load.json").exists()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([0.3, 1.0], "not every value is true or false"),
        ([0, 2], "not every value is true or false"),
        (["yes", None], "a string is not a bool"),
    ],
)
def test_only_true_and_false_are_bools(values: list[object], reason: str) -> None:
    column = contracts.Column(name="paid", type="bool", required_by=())
    contract = contracts.Table(table="bills", timestamp=None, writer=None, columns=(column,), rules=())
    paid = frames.conform(contract, pd.DataFrame({"paid": [True, None, False]}), "bills.load")
    assert paid["paid"].to_pylist() == [False, True, None]  # sorted
    with pytest.raises(PlatformError, match=rf"'paid' is .* as bool \({reason}\)"):
        frames.conform(contract, pd.DataFrame({"paid": values}), "bills.load")


def test_a_column_without_any_value_has_its_declared_type(workspace: Workspace) -> None:
    published = publish(workspace, pd.DataFrame({name: [] for name in shops(1)}))
    assert published.rows == 0
    types = warehouse.read(workspace, "shop_load").dtypes.astype(str).to_dict()
    assert types["observed_at"] == "datetime64[ns, UTC]" and types["shop"] == "object"
    publish(workspace, shops(1).assign(ingested_at=float("nan"), shop=None))
    assert warehouse.read(workspace, "shop_load")["ingested_at"].isna().all()


def test_a_column_that_no_spec_mentions_is_kept(workspace: Workspace) -> None:
    publish(workspace, shops(1, 2).assign(note=["x", None]))
    assert warehouse.read(workspace, "shop_load")["note"].tolist() == ["x", None]


def test_append_keeps_the_rows_that_are_there(workspace: Workspace) -> None:
    publish(workspace, shops(1, 2), mode="append")
    publish(workspace, shops(3, day="2026-01-02"), mode="append")
    assert orders(workspace) == [1, 2, 3]


def test_a_table_that_was_never_published_names_the_step_that_writes_it(workspace: Workspace) -> None:
    with pytest.raises(Skipped, match=r"never published, .* the pipeline 'trips', whose step 'shops'"):
        warehouse.read(workspace, "shop_load")


@pytest.mark.parametrize("content", ['{"table": "shop', "[]", "{}"])
def test_a_damaged_current_file_is_a_sentence(workspace: Workspace, content: str) -> None:
    publish(workspace, shops(1, 2))
    (workspace.warehouse / "shop_load.json").write_text(content)
    with pytest.raises(PlatformError, match=r"shop_load\.json is damaged.* run the step that writes"):
        publish(workspace, shops(1, 2))


def test_a_damaged_snapshot_is_a_sentence_and_publishing_again_repairs_it(workspace: Workspace) -> None:
    file = snapshots.find(workspace, "shop_load", publish(workspace, shops(1, 2)).digest)
    file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(PlatformError, match=r"\.parquet is damaged .* run the step that writes 'shop_load'"):
        orders(workspace)
    with pytest.raises(PlatformError, match=r"\.parquet is damaged"):
        publish(workspace, shops(3), mode="append")
    publish(workspace, shops(1, 2))
    assert orders(workspace) == [1, 2]
    assert file.samefile(workspace.warehouse / "shop_load.parquet")


def test_four_bytes_overwritten_are_found_at_the_cost_of_one_reading_of_each_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = snapshots.find(workspace, "shop_load", publish(workspace, shops(1, 2)).digest)
    hashed: list[Path] = []
    digest_of = durable.sha256
    monkeypatch.setattr(durable, "sha256", lambda path: hashed.append(path) or digest_of(path))
    for _ in range(5):
        assert orders(workspace) == [1, 2]
    assert hashed == [file]
    whole = file.read_bytes()
    file.write_bytes(whole[:8] + b"\0\0\0\0" + whole[12:])
    with pytest.raises(PlatformError, match=r"\.parquet is damaged .* run the step that writes 'shop_load'"):
        orders(workspace)
    publish(workspace, shops(1, 2))
    assert orders(workspace) == [1, 2]


def test_a_current_snapshot_that_is_missing_is_called_so_and_publishing_makes_it_again(
    workspace: Workspace,
) -> None:
    file = snapshots.find(workspace, "shop_load", publish(workspace, shops(1, 2)).digest)
    file.unlink()
    for reader in (lambda: orders(workspace), lambda: publish(workspace, shops(3), mode="append")):
        with pytest.raises(PlatformError, match="the current snapshot of 'shop_load', is missing"):
            reader()
    publish(workspace, shops(1, 2))
    assert orders(workspace) == [1, 2]


def test_old_snapshots_go_unless_a_run_has_pinned_them(workspace: Workspace) -> None:
    published = [publish(workspace, shops(number)).digest for number in range(2)]
    warehouse.pin(workspace, "shop_load", published[0], "mlflow run 1")
    published += [publish(workspace, shops(number)).digest for number in range(2, 15)]
    assert len(warehouse.read(workspace, "shop_load", published[0])) == 1
    assert len(warehouse.read(workspace, "shop_load", published[-10])) == 1
    with pytest.raises(PlatformError, match="only the newest 10 and those that a training run recorded"):
        warehouse.read(workspace, "shop_load", published[1])


def crash_in(child_work, calls_before: int) -> bool:  # type: ignore[no-untyped-def]
    """Runs the work in a child that dies at its nth change of the disk; whether it died."""
    child = os.fork()
    if child == 0:
        left = iter(range(calls_before))

        def dying(real):  # type: ignore[no-untyped-def]
            def change(*arguments, **options):  # type: ignore[no-untyped-def]
                if next(left, None) is None:
                    os._exit(9)
                return real(*arguments, **options)

            return change

        for owner, name in [(os, "link"), (os, "fsync"), (Path, "replace"), (Path, "unlink")]:
            setattr(owner, name, dying(getattr(owner, name)))
        child_work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_crash_at_any_point_leaves_the_old_table_or_the_new(workspace: Workspace) -> None:
    publish(workspace, shops(1))
    crashes, seen = 0, set()
    while crash_in(lambda: publish(workspace, shops(2)), calls_before=crashes):
        crashes += 1
        # What Feast reads is a whole file at any time, and agrees once anyone has looked.
        assert pd.read_parquet(workspace.warehouse / "shop_load.parquet")["orders"].tolist() in ([1], [2])
        found = warehouse.current(workspace, "shop_load")
        assert (workspace.warehouse / "shop_load.parquet").samefile(
            snapshots.find(workspace, "shop_load", found.digest)
        )
        seen.add(tuple(orders(workspace)))
        publish(workspace, shops(1))
    assert crashes > 5
    assert seen == {(1,), (2,)}
    assert orders(workspace) == [2]
    assert not list(workspace.warehouse.rglob("*draft*"))


def test_two_writers_wait_for_each_other(workspace: Workspace) -> None:
    publish(workspace, shops(0))
    children = []
    for number in range(1, 5):
        child = os.fork()
        if child == 0:
            publish(workspace, shops(number, day=f"2026-01-0{number + 1}"), mode="append")
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    assert sorted(orders(workspace)) == [0, 1, 2, 3, 4]


def test_a_reader_during_publications_sees_whole_snapshots(workspace: Workspace) -> None:
    publish(workspace, shops(*range(10)))
    child = os.fork()
    if child == 0:
        for number in range(20):
            publish(workspace, shops(*range(number, number + 10)))
        os._exit(0)
    ended = (0, 0)
    while ended[0] == 0:
        found = orders(workspace)
        assert found == list(range(found[0], found[0] + 10))
        ended = os.waitpid(child, os.WNOHANG)
    assert ended[1] == 0
