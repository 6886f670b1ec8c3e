"""MLflow's server behind accounts: nobody without one is answered, and each account asks for what is its own.

MLflow's own app with log-in, `basic-auth`, is 13,000 lines, wants Flask-WTF and a database of its own with
migrations, and hashes a password for 50 to 400 ms where its cache has it not. This one compares with six
passwords of 256 bits, which the environment has anyway. It stands before the whole of MLflow's ASGI app: some
routes of it never reach Flask.
"""

from __future__ import annotations

import json
import os
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from hmac import compare_digest
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path
from typing import Any, NoReturn

from mlops_runtime.environment import Workspace
from mlops_runtime.servers import mlflow_roles

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

_NAME = "mlops"  # of `--app-name`
_ALIVE = "/health"  # says `OK`, to supervisors that have no account


def run(workspace: Workspace, options: Sequence[str]) -> NoReturn:
    """`mlflow server` with these options. Raises `PlatformError` where an account has no password."""
    passwords(workspace)  # before its workers look, which would be started again and again
    sys.meta_path.append(_Finder())
    from mlflow.cli import cli

    cli(["server", "--app-name", _NAME, *options], prog_name="mlflow")
    raise AssertionError("a command of click's ends the process")


def app() -> Guard:
    """What each worker serves."""
    from mlflow.server.fastapi_app import app as inner

    return Guard(inner, passwords(Workspace.open(os.environ)))


def passwords(workspace: Workspace) -> dict[str, str]:
    return {
        account: workspace.password(f"MLOPS_MLFLOW_PASSWORD_{account.upper()}")
        for account in mlflow_roles.ACCOUNTS
    }


class Guard:
    def __init__(self, inner: App, passwords: Mapping[str, str]) -> None:
        self._inner = inner
        self._known = [
            (b64encode(f"{account}:{password}".encode()), account) for account, password in passwords.items()
        ]

    async def __call__(self, scope: Scope, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] == "websocket":  # MLflow has none
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http" and (refusal := self._refusal(scope)):
            await _refuse(*refusal, send)
        else:
            await self._inner(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        method, path = scope["method"], scope["path"]
        if (method, path) == ("GET", _ALIVE):
            return None
        headers = dict(scope["headers"])
        account = self._account(headers.get(b"authorization", b""))
        if account is None:
            return 401, (
                "MLflow lets nobody in without an account. What the platform starts has one; people have "
                "'admin', and `mlops secrets list --show` shows its password."
            )
        # A browser that knows the password sends it for any page; only MLflow's own may ask with it.
        origin = headers.get(b"origin")
        if origin is not None and origin.partition(b"://")[2] != headers.get(b"host"):
            return 403, "MLflow answers no page of another site."
        if not mlflow_roles.may(account, method, path):
            return 403, f"The account '{account}' may not {method} {path}; people may, as 'admin'."
        return None

    def _account(self, authorization: bytes) -> str | None:
        """Whose name and password these are. Every account is compared, in a time that tells nothing."""
        scheme, _, given = authorization.partition(b" ")
        found = [account for expected, account in self._known if compare_digest(given.strip(), expected)]
        return found[0] if found and scheme.lower() == b"basic" else None


async def _refuse(status: int, message: str, send: Send) -> None:
    """As MLflow's clients read errors; a browser asks for the account."""
    code = "UNAUTHENTICATED" if status == 401 else "PERMISSION_DENIED"
    body = json.dumps({"error_code": code, "message": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="MLflow", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Plugin(Distribution):
    """What MLflow finds by the entry points of installed packages; the runtime is a folder on the path."""

    def read_text(self, filename: str) -> str | None:
        if filename == "entry_points.txt":
            return f"[mlflow.app]\n{_NAME} = {__name__}:app\n"
        return "Metadata-Version: 2.1\nName: mlops-log-in\nVersion: 1\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Path:
        return Path(__file__).with_name(str(path))


class _Finder(DistributionFinder):
    def find_distributions(self, context: Any = None) -> Iterable[Distribution]:
        name = getattr(context, "name", None)
        return [_Plugin()] if name in (None, "mlops-log-in") else []

    def find_spec(self, *_: Any) -> None:
        """It imports no module."""
