"""Making, starting and restarting the servers as `mlops up` does."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from pathlib import Path

import psycopg
import pytest
import redis

from mlops_runtime.errors import PlatformError
from mlops_runtime.servers import databases, kafka
from mlops_runtime.stores import postgres
from servers import running
from servers.running import PASSWORDS, Servers


def _client(servers: Servers, password: str | None = "of-redis") -> redis.Redis:
    return redis.Redis(port=servers.redis.port, password=password)


def test_a_cluster_is_made_once_and_a_role_and_database_each(servers: Servers) -> None:
    variables = running.variables(servers.root, PASSWORDS)
    data = str(servers.root / "postgres" / "data")
    again = subprocess.run(
        running.runtime("cluster", "/nowhere/initdb", data),
        **{"env": variables, "capture_output": True, "text": True, "check": True},
    )
    assert '"made": false' in again.stdout
    done = databases.make(servers.workspace, ["feast", "mlflow", 'it is "odd"'])
    assert done["made"] == ["mlflow", 'it is "odd"']
    assert databases.make(servers.workspace, ["feast", "mlflow"])["made"] == []
    with postgres.connect(servers.workspace) as connection:
        assert connection.execute("SELECT current_user, current_setting('timezone')").fetchone() == (
            "feast",
            "UTC",
        )


def test_one_tools_role_does_not_open_anothers_database(servers: Servers) -> None:
    databases.make(servers.workspace, ["feast", "mlflow"])
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(
            host="127.0.0.1",
            port=servers.postgres.port,
            user="mlflow",
            dbname="feast",
            password="of-the-platform",
        )


def test_a_wrong_password_is_a_sentence_at_once(servers: Servers) -> None:
    variables = running.variables(servers.root, PASSWORDS | {"MLOPS_POSTGRES_ADMIN_PASSWORD": "wrong"})
    done = subprocess.run(
        running.runtime("databases", "feast"),
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert f"PostgreSQL's 'postgres' at 127.0.0.1:{servers.postgres.port} as 'postgres'" in done.stderr
    assert "wrong" not in done.stderr


def test_redis_wants_its_password_and_no_command_line_shows_it(servers: Servers) -> None:
    with pytest.raises(redis.AuthenticationError):
        _client(servers, None).ping()
    assert _client(servers).ping()
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert lines and not any(b"of-redis" in line for line in lines)


def test_what_was_answered_survives_kill_9(servers: Servers) -> None:
    _client(servers).set("kept", "yes")
    servers.redis.kill()
    servers.redis.start()
    assert _client(servers).get("kept") == b"yes"
    with postgres.connect(servers.workspace) as connection:
        connection.execute("CREATE TABLE kept (value text)")
    servers.postgres.kill()
    servers.postgres.start()
    databases.make(servers.workspace, ["feast"])  # waits for it
    with postgres.connect(servers.workspace) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        connection.execute("DROP TABLE kept")


def test_a_folder_that_postgres_may_not_enter_is_named(servers: Servers, tmp_path: Path) -> None:
    assert os.geteuid() == 0, "run as root: only root gives PostgreSQL to another user"
    (tmp_path / "closed").mkdir(mode=0o700)
    variables = running.variables(servers.root, PASSWORDS)
    initdb = running.programs()["initdb"]
    done = subprocess.run(
        running.runtime("cluster", str(initdb), str(tmp_path / "closed" / "postgres" / "data")),
        **{"env": variables, "capture_output": True, "text": True, "check": False},
    )
    assert done.returncode == 1
    assert "PostgreSQL refuses to run as root, so it runs as 'postgres', which may not enter" in done.stderr


def test_an_environment_without_postgres_says_so(workspace) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlatformError, match="has no PostgreSQL"):
        postgres.connect(workspace)


def test_kafka_is_formatted_once_also_by_an_identifier_that_begins_with_a_hyphen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=b"\xf8" * 16))
    java = shutil.which("java")
    assert java, "java is missing: npm run servers:install"
    tools = os.environ.get("MLOPS_TOOLS", str(Path.home() / ".cache" / "mlops" / "tools"))
    properties = tmp_path / "generated.properties"
    properties.write_text(
        "process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:9093\n"
        "listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\ncontroller.listener.names=CONTROLLER\n"
    )
    given = (java, f"{tools}/kafka", properties, tmp_path / "kafka")
    assert kafka.make(*given) == {"formatted": True}
    assert "cluster.id=-Pj4" in (tmp_path / "kafka" / "data" / "meta.properties").read_text()
    assert kafka.make(*given) == {"formatted": False}
