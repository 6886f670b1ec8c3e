"""Redis, with its password kept out of the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mlops_runtime.environment import Workspace
from mlops_runtime.machine import durable

PASSWORD = "MLOPS_REDIS_PASSWORD"


def become(workspace: Workspace, program: str, folder: Path, options: Sequence[str]) -> NoReturn:
    """Replaces this process by the server, so that signals reach it directly. Its data is in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    configuration = folder / "password.conf"
    # Quoted for Redis: backslashes escape within double quotes.
    password = workspace.password(PASSWORD).replace("\\", "\\\\").replace('"', '\\"')
    durable.write(configuration, f'requirepass "{password}"\n'.encode())
    configuration.chmod(0o600)
    os.execv(program, [program, str(configuration), "--dir", str(folder), *options])
