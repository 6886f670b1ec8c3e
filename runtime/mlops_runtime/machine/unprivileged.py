"""PostgreSQL refuses to run as root, so root runs it as the user of Debian's package."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mlops_runtime.errors import PlatformError

USER = "postgres"


def user() -> pwd.struct_passwd | None:
    """The user to run PostgreSQL as, or None if this process is not root.

    Raises `PlatformError` if the machine has no such user.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        raise PlatformError(
            f"PostgreSQL refuses to run as root, and this machine has no user '{USER}' to run it as; "
            f"create one (`useradd --system {USER}`), or run `mlops` as a normal user."
        ) from None


def hand_over(folder: Path) -> None:
    """Creates the folder, owned by the user that runs PostgreSQL and closed to others."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if owner := user():
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        require_way_to(folder, owner)


def require_way_to(folder: Path, owner: pwd.struct_passwd) -> None:
    """Raises `PlatformError` if the user may not enter a parent folder."""
    for parent in reversed(folder.parents):
        if run(["test", "-x", str(parent)], owner).returncode != 0:
            raise PlatformError(
                f"PostgreSQL refuses to run as root, so it runs as '{owner.pw_name}', which may not enter "
                f"{parent}, a parent of {folder}: allow it (`chmod o+x {parent}`), move the repository to "
                "another folder, or run `mlops` as a normal user."
            )


def run(command: Sequence[str], owner: pwd.struct_passwd | None) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end as that user, capturing its output."""
    # In the root folder, because the current one may be closed to the user.
    shared = {"capture_output": True, "text": True, "check": False, "cwd": "/"}
    if owner is None:
        return subprocess.run(command, **shared)  # type: ignore[call-overload, no-any-return]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], **shared
    )


def become(program: str, arguments: Sequence[str]) -> NoReturn:
    """Replaces this process by the program, without root's rights, so that signals reach it directly."""
    if owner := user():
        os.setgroups([])
        os.setgid(owner.pw_gid)
        os.setuid(owner.pw_uid)
        os.environ["HOME"] = owner.pw_dir
    os.chdir("/")
    os.execv(program, [program, *arguments])
