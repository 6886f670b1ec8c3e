"""The environment's PostgreSQL, where Feast's database holds the offline store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError

_CONNECT_SECONDS = 10

Connection = psycopg.Connection[tuple[Any, ...]]


def connect(workspace: Workspace, *, autocommit: bool = False) -> Connection:
    """A connection to Feast's database, in UTC. Raises `PlatformError` with the address if that fails.

    As a context manager it commits (or rolls back, if the block raised) and closes.
    """
    server = address(workspace)
    password = workspace.password(server.password_variable)
    return connect_as(server, server.user, password, server.database, autocommit)


def address(workspace: Workspace) -> contracts.Postgres:
    """Where PostgreSQL listens. Raises `PlatformError` in an environment without it."""
    if workspace.environment.postgres is None:
        raise PlatformError(
            f"The environment '{workspace.name}' has no PostgreSQL: its `stores` are "
            f"{workspace.environment.stores}."
        )
    return workspace.environment.postgres


@contextmanager
def failures(workspace: Workspace) -> Iterator[None]:
    """Turns PostgreSQL's errors in the block into a `PlatformError` with the server's address."""
    try:
        yield
    except psycopg.Error as error:
        server = address(workspace)
        raise PlatformError(
            f"PostgreSQL at {server.host}:{server.port} failed: {_first_line(error)}."
        ) from error


def connect_as(
    server: contracts.Postgres, user: str, password: str, database: str, autocommit: bool
) -> Connection:
    """A connection as `user` to `database`, in UTC. Raises `PlatformError` with the address."""
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
            # Stated, or else the user's own PGSSLMODE and Kerberos settings would apply.
            sslmode="prefer",
            gssencmode="disable",
        )
    except psycopg.OperationalError as error:
        raise PlatformError(
            f"Cannot connect to PostgreSQL's '{database}' at {server.host}:{server.port} as '{user}' "
            f"({_first_line(error)}): start it with `mlops up`, or correct the password or the port."
        ) from error


def _first_line(error: psycopg.Error) -> str:
    text = error.diag.message_primary or str(error).strip().splitlines()[-1]
    return text.strip().removesuffix(".")


def exists(connection: Connection, name: str) -> bool:
    """Whether there is a table or view with that name."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [qualified(name)]).fetchone()
    return bool(row and row[0])


def qualified(name: str) -> str:
    """The quoted name with its schema, for `to_regclass`."""
    return f'public."{name}"'
