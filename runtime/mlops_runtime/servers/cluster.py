"""A PostgreSQL cluster in a folder: created once, never overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import unprivileged
from mlops_runtime.servers.databases import ADMIN, ADMIN_PASSWORD


def make(workspace: Workspace, initdb: str, data: Path) -> dict[str, str | bool]:
    """Creates the cluster unless it exists, and says whether it did. An unfinished one is created again."""
    parent = data.parent
    unprivileged.hand_over(parent)
    if (data / "PG_VERSION").exists():
        return {"cluster": str(data), "made": False}
    draft = parent / f".{data.name}.draft"
    owner = unprivileged.user()
    unprivileged.run(["rm", "-rf", str(draft)], owner)
    # `initdb` writes PG_VERSION early, so only a complete cluster may have the final name.
    with NamedTemporaryFile("w", dir=parent, prefix=".password-") as file:
        file.write(workspace.password(ADMIN_PASSWORD))
        file.flush()
        if owner:
            os.chown(file.name, owner.pw_uid, owner.pw_gid)
        done = unprivileged.run([*_command(initdb, draft), f"--pwfile={file.name}"], owner)
    if done.returncode != 0:
        raise PlatformError(f"initdb could not create {data}: {done.stderr.strip()}")
    draft.rename(data)
    return {"cluster": str(data), "made": True}


def _command(initdb: str, folder: Path) -> list[str]:
    # Text sorts the same way on every machine, whatever its locale.
    return [
        *[initdb, f"--pgdata={folder}", f"--username={ADMIN}", "--auth=scram-sha-256"],
        *["--encoding=UTF8", "--locale=C", "--lc-messages=C", "--data-checksums"],
    ]
