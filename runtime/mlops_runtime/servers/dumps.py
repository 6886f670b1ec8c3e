"""PostgreSQL's databases written into a folder, and read from it into a server that has nothing yet."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.servers.databases import PASSWORD
from mlops_runtime.stores import postgres

_JOBS = 2
_AS_COMPILED = ["--no-owner", "--no-privileges"]  # both come from the roles that are there


def write(workspace: Workspace, program: str, names: Sequence[str], folder: Path) -> dict[str, int]:
    """Each database as of one moment of its own, in the order of `names`. The bytes of each.

    A folder per database, a file per table: one that has not changed is the same file in the next backup.
    """
    for name in names:
        where = ["--format=directory", f"--file={folder / name}", "--no-sync"]
        _run(workspace, [program, *where, *_AS_COMPILED], name)
    return {name: sum(file.stat().st_size for file in (folder / name).iterdir()) for name in names}


def read(workspace: Workspace, program: str, names: Sequence[str], folder: Path) -> list[str]:
    """Into databases that are there and empty, as their owners: what each may is as it was made.

    Returns those that it has read. Raises `PlatformError` where one cannot be read wholly, or the folder has
    one that is not among `names`.
    """
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if unknown := [name for name in found if name not in names]:
        raise PlatformError(
            f"The backup has the database '{unknown[0]}', and what is compiled here has none of that name: "
            "check out the commit that it was made of, and compile."
        )
    for name in found:
        options = [f"--dbname={name}", "--exit-on-error", f"--jobs={_JOBS}", *_AS_COMPILED]
        _run(workspace, [program, *options, str(folder / name)], name)
        with postgres.failures(workspace), _connection(workspace, name) as connection:
            connection.execute("ANALYZE")  # a plan made without statistics may take hours
    return found


def _connection(workspace: Workspace, name: str) -> postgres.Connection:
    server = postgres.address(workspace)
    return postgres.connect_as(server, name, workspace.password(PASSWORD), name, autocommit=True)


def _run(workspace: Workspace, command: Sequence[str], name: str) -> None:
    server = postgres.address(workspace)
    where = {"PGHOST": server.host, "PGPORT": str(server.port), "PGUSER": name, "PGDATABASE": name}
    # The password is on no command line, which everybody on the machine can read.
    env = {**os.environ, **where, "PGPASSWORD": workspace.password(PASSWORD), "PGGSSENCMODE": "disable"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise PlatformError(
            f"{Path(command[0]).name} failed on the database '{name}' of PostgreSQL at "
            f"{server.host}:{server.port}: {said[0]}"
        )
