"""What this platform's own training made, by the digests of its files.

Whoever reaches the registry can put a version there, and loading a model may run code that lies in it. So
what is loaded is held against a seal: `train` seals the files of a model before they leave the machine, and
`register` gives its version the same seal. Seals lie in the environment's state, where no user of the
registry can write.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import durable

# MLflow's note of the version, which it lays beside a downloaded version's files.
_ADDED = {"registered_model_meta"}
_BEGUN = "begun"


class Unsealed(PlatformError):
    """A model was not made by this environment's training, or is no longer what that made."""


def digest(folder: Path) -> str:
    """SHA-256 over the paths of all files below `folder` and their content, in hex. A link is never equal to
    what it leads to."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found.update(f"{name}\0link to {path.readlink()}\n".encode())
        elif path.is_file() and name not in _ADDED:
            found.update(f"{name}\0{durable.sha256(path)}\n".encode())
    return found.hexdigest()


def seal_trained(workspace: Workspace, model_id: str, folder: Path) -> None:
    """Of the files as they lie here, before MLflow has them."""
    _write(_trained(workspace, model_id), {"digest": digest(folder), "by": "train"})


def seal_version(workspace: Workspace, name: str, version: str, model_id: str) -> None:
    """The version has the seal of the model that it was made of. Raises `PlatformError` if that has none."""
    _write(_versioned(workspace, name, version), {**_read_trained(workspace, model_id), "by": "register"})


def adopt(workspace: Workspace, name: str, version: str, folder: Path) -> None:
    """The version is taken as it is: somebody answers for it."""
    _write(_versioned(workspace, name, version), {"digest": digest(folder), "by": "adopted"})


def of_trained(workspace: Workspace, model_id: str) -> str:
    """The digest of a logged model's files. Raises `Unsealed` if no `train` of this environment made it."""
    return str(_read_trained(workspace, model_id)["digest"])


def of_version(workspace: Workspace, name: str, version: str) -> str:
    """The digest of a registered version's files. Raises `Unsealed` if it was registered otherwise."""
    seal = _read(_versioned(workspace, name, version))
    if seal is None:
        raise Unsealed(
            f"Version {version} of '{name}' was registered by no training of this environment, so it is not "
            f'loaded: it may contain code. `mlops promote … {version} --force --reason "…"` answers for it.'
        )
    return str(seal["digest"])


def require(folder: Path, sealed: str, what: str) -> None:
    """Raises `Unsealed` unless the files below `folder` have the digest `sealed`."""
    if digest(folder) != sealed:
        raise Unsealed(
            f"The files of {what} are no longer those that were trained: somebody has changed them in "
            "MLflow, and they are not loaded. Train again, and find out who can write there."
        )


def note_champion(workspace: Workspace, name: str, version: str) -> None:
    """The version that training or `mlops promote` made champion last, whatever the registry's alias says."""
    _write(_champion(workspace, name), {"version": version})


def champion(workspace: Workspace, name: str) -> str | None:
    found = _read(_champion(workspace, name), "version")
    return None if found is None else str(found["version"])


def forget(workspace: Workspace, name: str) -> None:
    """Of a registered model that was deleted: what comes later under its name was made by nobody yet."""
    shutil.rmtree(_folder(workspace) / "versions" / _safe(name), ignore_errors=True)
    _champion(workspace, name).unlink(missing_ok=True)


def is_sealed(workspace: Workspace, name: str, version: str) -> bool:
    return _read(_versioned(workspace, name, version)) is not None


def is_trained(workspace: Workspace, model_id: str) -> bool:
    return _read(_trained(workspace, model_id)) is not None


def is_begun(workspace: Workspace) -> bool:
    """False in an environment that is older than seals, until its champions have been taken as they are."""
    return (_folder(workspace) / _BEGUN).exists()


def begin(workspace: Workspace) -> None:
    _folder(workspace).mkdir(parents=True, exist_ok=True, mode=0o700)
    (_folder(workspace) / _BEGUN).touch()


def _read_trained(workspace: Workspace, model_id: str) -> dict[str, Any]:
    seal = _read(_trained(workspace, model_id))
    if seal is None:
        raise Unsealed(f"The model {model_id} was not trained in this environment, so it is not loaded.")
    return seal


def _read(path: Path, key: str = "digest") -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get(key), str):
        raise PlatformError(
            f"{path} is damaged, so it does not tell which files of a model were registered; delete it, and "
            "train the model again."
        )
    return found


def _write(path: Path, seal: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    durable.write(path, (json.dumps({**seal, "at": now}, sort_keys=True) + "\n").encode())


def _folder(workspace: Workspace) -> Path:
    return workspace.state / "seals"


def _trained(workspace: Workspace, model_id: str) -> Path:
    return _folder(workspace) / "trained" / f"{_safe(model_id)}.json"


def _versioned(workspace: Workspace, name: str, version: str) -> Path:
    return _folder(workspace) / "versions" / _safe(name) / f"{_safe(version)}.json"


def _champion(workspace: Workspace, name: str) -> Path:
    return _folder(workspace) / "champions" / f"{_safe(name)}.json"


def _safe(name: str) -> str:
    """One component of a path: the registry answers with these names."""
    return quote(name, safe="").replace(".", "%2E")
