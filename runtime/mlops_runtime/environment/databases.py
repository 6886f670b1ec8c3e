"""The tools' SQLite files, which processes.json lists: which is damaged, and the way out."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from urllib.parse import quote

from mlops_runtime.environment.workspace import Workspace


def explain(workspace: Workspace, error: BaseException) -> str | None:
    """A sentence per damaged file, where the error may come from one; else None."""
    return ("\n".join(damaged(workspace)) or None) if is_from_sqlite(error) else None


def is_from_sqlite(error: BaseException | None) -> bool:
    """Whether SQLite raised it, here or in a server whose answer quotes it."""
    while error is not None:
        if isinstance(error, sqlite3.Error) or "sqlite3." in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def damaged(workspace: Workspace) -> list[str]:
    """A sentence per damaged file: what it holds, and how to get on."""
    plan = workspace.root / "generated" / workspace.name / "process" / "processes.json"
    if not plan.is_file():
        return []
    found = []
    for each in json.loads(plan.read_bytes()).get("databases", []):
        file = Path(each["file"].replace("${state}", str(workspace.state)))
        damage = _damage(file)
        if damage is not None:
            env = workspace.name
            found.append(
                f"{file} is damaged ({damage}). It holds {each['holds']}. Run `mlops down --env {env}`, "
                "restore it from a backup or delete it and the files beside it that begin with its name, and "
                f"run `mlops up --env {env}`. Without a backup: {each['recovery']}."
            )
    return found


def _damage(file: Path) -> str | None:
    if not file.exists():
        return None
    try:
        uri = f"file:{quote(str(file))}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as opened:
            [said] = opened.execute("PRAGMA quick_check(1)").fetchone()
            [tables] = opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        # A writer that holds its lock has damaged nothing.
        return None if "locked" in str(error) else str(error)
    if said != "ok":
        return str(said).replace("\n", " ")
    return "it has no tables" if tables == 0 else None
