"""Damaged stores behind the real app: readiness is what a caller gets, with the file and the way out."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from trips.fixtures import run
from trips.online_api import client, predict, put_online, wait_until

from mlops_runtime.commands.main import main
from mlops_runtime.environment import Workspace, databases

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda whole: whole[: len(whole) // 2],
    "json": lambda _: b'{"version": 1}\n',
    "zeros": lambda whole: bytes(len(whole)),
    "garbage inside": lambda whole: whole[:100] + b"\xa5" * (len(whole) - 100),
}


def plan(workspace: Workspace) -> None:
    """The part of processes.json that lists the files."""
    files = {"registry.db": "the definitions", "online.db": "the online features"}
    listed = [
        {"file": f"${{state}}/feast/{name}", "holds": holds, "recovery": "nothing is lost"}
        for name, holds in files.items()
    ]
    path = workspace.root / "generated/local/process/processes.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"databases": listed}))


def test_ready_is_what_a_caller_gets_when_the_online_store_is_damaged(trips: Workspace) -> None:
    run(trips)
    put_online(trips)
    plan(trips)
    file = trips.state / "feast" / "online.db"
    with client(trips) as opened:
        assert predict(opened).status_code == 200
        file.write_bytes(DAMAGES["cut"](file.read_bytes()))
        wait_until(lambda: opened.get("/readyz").status_code == predict(opened).status_code == 503)
        reason = opened.get("/readyz").json()["reason"]
        assert f"{file} is damaged" in reason
        assert "It holds the online features. Run `mlops down --env local`" in reason


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_registry_is_a_sentence_of_the_command_and_of_the_api(
    trips: Workspace,
    damage: Callable[[bytes], bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan(trips)
    file = trips.state / "feast" / "registry.db"
    file.write_bytes(damage(file.read_bytes()))
    monkeypatch.setenv("MLOPS_ROOT", str(trips.root))
    assert main(["backfill", "shop_load", "--from", "2026-01-01", "--to", "2026-01-02"]) == 1
    printed = capsys.readouterr().err
    assert f"{file} is damaged" in printed
    assert "Traceback" not in printed


def test_what_is_whole_or_locked_is_not_called_damaged(trips: Workspace) -> None:
    import sqlite3

    plan(trips)
    assert databases.damaged(trips) == []
    locked = sqlite3.connect(trips.state / "feast" / "registry.db", isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    assert databases.damaged(trips) == []
    locked.close()
    (trips.state / "feast" / "registry.db").unlink()
    assert databases.damaged(trips) == []
    assert databases.explain(trips, ValueError("other")) is None
