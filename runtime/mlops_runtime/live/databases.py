"""PostgreSQL's databases and roles: who owns what, what each may, and settings given to one of them.

Settings of the server itself are on its command line, which nothing overrides but those.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State
from mlops_runtime.stores import postgres

SUPERUSER = "postgres"  # as the cluster is made, with a database of its name

_DATABASES = """
    SELECT datname, pg_get_userbyid(datdba), has_database_privilege('public', oid, 'CONNECT'),
        coalesce((SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid AND setrole = 0), '{}')
    FROM pg_database d WHERE NOT datistemplate AND datname <> %s
"""
_ROLES = """
    SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
        ARRAY(SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
            WHERE m.member = o.oid ORDER BY 1),
        ARRAY(SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = o.oid ORDER BY 1)
    FROM pg_roles o WHERE rolname <> %s AND rolname NOT LIKE 'pg\\_%%'
"""
_RIGHTS = ("superuser", "createdb", "createrole", "replication", "bypassrls")


def desired(workspace: Workspace) -> State:
    path = workspace.root / "generated" / workspace.name / "postgres" / "databases.json"
    names: list[str] = json.loads(path.read_text(encoding="utf-8"))["databases"]
    databases = {_database(name): {"owner": name, "public": False, "settings": []} for name in names}
    role = {"login": True, "rights": [], "member_of": [], "settings": []}
    return databases | {_role(name): dict(role) for name in names}


def observe(workspace: Workspace) -> State:
    with postgres.failures(workspace), postgres.connect(workspace, autocommit=True) as connection:
        databases = connection.execute(_DATABASES, [SUPERUSER]).fetchall()
        roles = connection.execute(_ROLES, [SUPERUSER]).fetchall()
    return {
        _database(name): {"owner": owner, "public": public, "settings": sorted(settings)}
        for name, owner, public, settings in databases
    } | {
        _role(name): {
            "login": login,
            "rights": [right for right, has in zip(_RIGHTS, rights, strict=True) if has],
            "member_of": member_of,
            "settings": settings,
        }
        for name, login, *rights, member_of, settings in roles
    }


def apply(_workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Raises `PlatformError`: the setup step `databases` does it, which has the superuser's password."""
    named = ", ".join(change.address for change in changes)
    raise PlatformError(f"`mlops deploy` brings back {named}: only it is given the superuser's password.")


def _database(name: str) -> str:
    return f"postgres/database/{name}"


def _role(name: str) -> str:
    return f"postgres/role/{name}"
