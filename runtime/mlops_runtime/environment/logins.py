"""Airflow's accounts: people and services log in, each with its own password and role.

Airflow's simple auth manager has the roles that the platform needs, and no dependency beside Airflow's own.
It reads passwords from a file, and would make those that are missing and print them. Here all are there
before it looks: they are secrets of the environment, and the file, which only its owner can read, is their
copy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from airflow.configuration import conf
from starlette.middleware.trustedhost import TrustedHostMiddleware

from mlops_runtime.environment.workspace import Workspace
from mlops_runtime.machine import durable


class Accounts(SimpleAuthManager):
    def init(self) -> None:
        """Raises `PlatformError` where an account has no password."""
        workspace = Workspace.open()
        passwords = {
            user.username: workspace.password(f"MLOPS_AIRFLOW_PASSWORD_{user.username.upper()}")
            for user in self.get_users()
        }
        file = Path(self.get_generated_password_file())
        durable.write(file, json.dumps(passwords).encode(), 0o600)
        super().init()

    def get_fastapi_middlewares(self) -> list[tuple[Any, dict[str, Any]]]:
        """Also one that answers under Airflow's own names only: a page's name may be made to lead here."""
        own = urlsplit(conf.get("api", "base_url")).hostname
        return [
            *super().get_fastapi_middlewares(),
            (TrustedHostMiddleware, {"allowed_hosts": [own, "localhost", "127.0.0.1"]}),
        ]
