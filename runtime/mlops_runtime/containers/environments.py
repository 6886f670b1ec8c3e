"""`python -m mlops_runtime.containers.environments`: makes Python environments for folders with a lock file.

On the process host `mlops up` creates them. The image has no Node, so a one-shot container does it instead:
pip installs each lock's packages, and the image's packages and the runtime come after them on the path.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.team import overlay

_STAMP = "complete"  # written last: an interrupted installation has none and is repeated


def prepare(workspace: Workspace) -> dict[str, list[str]]:
    """All locks (`locks`), and those whose environment was created by this call (`made`)."""
    folders = [workspace.common / "runtime" / kind for kind in ("pipelines", "models")]
    files = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    locks = sorted({lock for path in files for lock in _locks(json.loads(path.read_text(encoding="utf-8")))})
    return {"locks": locks, "made": [lock for lock in locks if _make(workspace, lock)]}


def _locks(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("lock"), str):
            yield value["lock"]
        for inner in value.values():
            yield from _locks(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _locks(inner)


def _make(workspace: Workspace, lock: str) -> bool:
    folder = overlay.folder(workspace, lock)
    stamp = folder / _STAMP
    if stamp.exists():
        return False
    venv.create(folder, clear=True, with_pip=True)
    done = subprocess.run(
        [
            *[str(folder / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--require-hashes"],
            *["--no-cache-dir", "--disable-pip-version-check", "-r", str(workspace.root / lock)],
        ],
        check=False,
        stdout=sys.stderr,
    )
    if done.returncode != 0:
        raise PlatformError(f"The packages of {lock} could not be installed; pip says why above.")
    behind = [sysconfig.get_path("purelib"), str(Path(__file__).resolve().parents[2])]
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    # After the environment's own packages, which therefore take precedence.
    lines = [f"import site; site.addsitedir({json.dumps(path)})\n" for path in behind]
    (Path(own) / "mlops_platform.pth").write_text("".join(lines), encoding="utf-8")
    stamp.touch()
    return True


if __name__ == "__main__":
    try:
        print(json.dumps(prepare(Workspace.open())))
    except PlatformError as error:
        sys.exit(str(error))
