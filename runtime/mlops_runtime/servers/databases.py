"""A role and a database in PostgreSQL for each tool."""

from __future__ import annotations

import time
from collections.abc import Sequence

from psycopg import sql

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.stores import postgres

PASSWORD = "MLOPS_POSTGRES_PASSWORD"
ADMIN_PASSWORD = "MLOPS_POSTGRES_ADMIN_PASSWORD"
ADMIN = "postgres"
_START_SECONDS = 60
_LOCK = 4_201_501  # arbitrary; nothing else on the server locks it


_RIGHTS = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
_MEMBER_OF = """
    SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
    WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = %s)
"""


def make(workspace: Workspace, names: Sequence[str]) -> dict[str, list[str]]:
    """Creates a role, with the platform's password, and a database for each name, or brings back what either
    may, as live/databases.py compares it. Idempotent.

    Waits for a server that is still starting. Raises `PlatformError` if it does not let us in.
    """
    server = postgres.address(workspace)
    password = workspace.password(PASSWORD)
    admin_password = workspace.password(ADMIN_PASSWORD)
    with _patiently_connected(server, admin_password) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        made = [name for name in names if _make_database(admin, name, password)]
    return {"databases": list(names), "made": made}


def _make_database(admin: postgres.Connection, name: str, password: str) -> bool:
    # Hashed here, so that the server's log never holds the password.
    hashed = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    role = sql.Identifier(name)
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    admin.execute(sql.SQL("ALTER ROLE {} {} PASSWORD {}").format(role, _RIGHTS, sql.Literal(hashed)))
    admin.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(role))
    for (other,) in admin.execute(_MEMBER_OF, [name]).fetchall():
        admin.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(other), role))
    exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
    change = "ALTER DATABASE {} OWNER TO {}" if exists else "CREATE DATABASE {} OWNER {}"
    admin.execute(sql.SQL(change).format(role, role))
    admin.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(role))
    admin.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(role, role))
    # A tool's credentials must not open another tool's database.
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
    return not exists


def _patiently_connected(server: contracts.Postgres, password: str) -> postgres.Connection:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            return postgres.connect_as(server, ADMIN, password, ADMIN, autocommit=True)
        except PlatformError as error:
            if time.monotonic() > end or _is_refusal(error):
                raise
            time.sleep(0.2)


def _is_refusal(error: PlatformError) -> bool:
    """Whether waiting is pointless, because the server answers and rejects the password."""
    return "authentication failed" in str(error.__cause__)
