"""The environment's PostgreSQL: Feast's database, and what `mlops up` makes in the server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

PASSWORD = "MLOPS_POSTGRES_PASSWORD"
ADMIN_PASSWORD = "MLOPS_POSTGRES_ADMIN_PASSWORD"
ADMIN = "postgres"
_CONNECT_SECONDS = 10
_START_SECONDS = 60
_DATABASES_LOCK = 4_201_501  # any number that nothing else on the server locks

Connection = psycopg.Connection[tuple[Any, ...]]


def connect(workspace: Workspace, *, autocommit: bool = False) -> Connection:
    """A connection to Feast's database, in UTC. Raises `PlatformError` that names the address.

    `with` commits (or rolls back, where the block raised) and closes it.
    """
    server = address(workspace)
    password = workspace.password(server.password_variable)
    return _connect(server, server.user, password, server.database, autocommit)


def address(workspace: Workspace) -> contracts.Postgres:
    """Raises `PlatformError` in an environment without PostgreSQL."""
    if workspace.environment.postgres is None:
        raise PlatformError(
            f"The environment '{workspace.name}' has no PostgreSQL: its `stores` are "
            f"{workspace.environment.stores}."
        )
    return workspace.environment.postgres


@contextmanager
def failures(workspace: Workspace) -> Iterator[None]:
    """Turns what PostgreSQL raises inside into one sentence with the server's address."""
    try:
        yield
    except psycopg.Error as error:
        server = address(workspace)
        raise PlatformError(
            f"PostgreSQL at {server.host}:{server.port} could not do it: {_first_line(error)}."
        ) from error


def make_databases(workspace: Workspace, names: Sequence[str]) -> dict[str, list[str]]:
    """A role and a database of the same name each; the role has the platform's password. Idempotent.

    Waits for a server that is just starting.
    """
    server = address(workspace)
    password = workspace.password(PASSWORD)
    admin_password = workspace.password(ADMIN_PASSWORD)
    with _patiently_connected(server, admin_password) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [_DATABASES_LOCK])
        made = [name for name in names if _make_database(admin, name, password)]
    return {"databases": list(names), "made": made}


def _make_database(admin: Connection, name: str, password: str) -> bool:
    # Hashed here, so that the server's log never holds the password.
    hashed = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    role = sql.Identifier(name)
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(hashed)))
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None:
        return False
    admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
    # One tool's credentials do not open another's database.
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
    return True


def _patiently_connected(server: contracts.Postgres, password: str) -> Connection:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            return _connect(server, ADMIN, password, ADMIN, autocommit=True)
        except PlatformError as error:
            if time.monotonic() > end or _is_refusal(error):
                raise
            time.sleep(0.2)


def _is_refusal(error: PlatformError) -> bool:
    """Whether waiting is in vain: the server answers, and does not let us in."""
    return "authentication failed" in str(error.__cause__)


def _connect(
    server: contracts.Postgres, user: str, password: str, database: str, autocommit: bool
) -> Connection:
    try:
        return psycopg.connect(
            host=server.host,
            port=server.port,
            user=user,
            password=password,
            dbname=database,
            autocommit=autocommit,
            connect_timeout=_CONNECT_SECONDS,
            application_name="mlops_runtime",
            options="-c timezone=UTC",
            # Said, or the user's own PGSSLMODE and Kerberos settings would have a say.
            sslmode="prefer",
            gssencmode="disable",
        )
    except psycopg.OperationalError as error:
        raise PlatformError(
            f"PostgreSQL does not let '{user}' into the database '{database}' at {server.host}:{server.port} "
            f"({_first_line(error)}): start it with `mlops up`, or correct the password or the port."
        ) from error


def _first_line(error: psycopg.Error) -> str:
    text = error.diag.message_primary or str(error).strip().splitlines()[-1]
    return text.strip().removesuffix(".")
