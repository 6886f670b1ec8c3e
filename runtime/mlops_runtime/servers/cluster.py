"""A PostgreSQL cluster in a folder: made once, never overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import unprivileged
from mlops_runtime.servers.databases import ADMIN, ADMIN_PASSWORD


def make(workspace: Workspace, initdb: str, data: Path) -> dict[str, str | bool]:
    """Whether it was made now. One that a crash left half made is made anew."""
    parent = data.parent
    unprivileged.hand_over(parent)
    if (data / "PG_VERSION").exists():
        return {"cluster": str(data), "made": False}
    draft = parent / f".{data.name}.draft"
    owner = unprivileged.user()
    unprivileged.run(["rm", "-rf", str(draft)], owner)
    # `initdb` writes PG_VERSION early: only a whole cluster may have the name.
    with NamedTemporaryFile("w", dir=parent, prefix=".password-") as file:
        file.write(workspace.password(ADMIN_PASSWORD))
        file.flush()
        if owner:
            os.chown(file.name, owner.pw_uid, owner.pw_gid)
        done = unprivileged.run([*_command(initdb, draft), f"--pwfile={file.name}"], owner)
    if done.returncode != 0:
        raise PlatformError(f"initdb could not make {data}: {done.stderr.strip()}")
    draft.rename(data)
    return {"cluster": str(data), "made": True}


def _command(initdb: str, folder: Path) -> list[str]:
    # The same order of text on every machine, whatever its locale.
    return [
        *[initdb, f"--pgdata={folder}", f"--username={ADMIN}", "--auth=scram-sha-256"],
        *["--encoding=UTF8", "--locale=C", "--lc-messages=C", "--data-checksums"],
    ]
