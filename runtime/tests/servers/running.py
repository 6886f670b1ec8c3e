"""Real servers for tests, started as the process host does: on free ports, in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trips import repository

from mlops_runtime.environment import Workspace

START_SECONDS = 120
PORTS = range(30_000, 32_700)
_given: set[int] = set()
RUNTIME = Path(__file__).resolve().parents[2]
PASSWORDS = {
    "MLOPS_POSTGRES_PASSWORD": "of-the-platform",
    "MLOPS_POSTGRES_ADMIN_PASSWORD": "of-the-superuser",
    "MLOPS_REDIS_PASSWORD": "of-redis",
}


def programs() -> dict[str, str | None]:
    """Where each program is; None where this machine lacks it."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folders = os.pathsep.join([*map(str, reversed(newest)), os.environ.get("PATH", ""), "/usr/sbin"])
    return {name: shutil.which(name, path=folders) for name in ("postgres", "initdb", "redis-server")}


def free_port() -> int:
    """Below those that the system gives to who connects: one could be taken before the server is up."""
    for port in random.sample(PORTS, len(PORTS)):
        if port in _given:
            continue
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            _given.add(port)
            return port
    raise RuntimeError("no port is free")


class Server:
    """One of our commands that becomes a server; `start` also begins it again."""

    def __init__(self, command: Sequence[str], port: int, variables: dict[str, str], log: Path) -> None:
        self.port = port
        # PostgreSQL would wait for its clients to go by themselves.
        self._stop = signal.SIGINT if "unprivileged" in command else signal.SIGTERM
        self._command, self._variables, self._log = command, variables, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                runtime(*self._command), env=self._variables, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while not _accepts(self.port):
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{self._command[0]} did not start:\n{self._log.read_text()[-2000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: nothing gets the time to be written."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(self._stop)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=START_SECONDS)
            self._process = None


def runtime(*command: str) -> list[str]:
    return [sys.executable, "-m", "mlops_runtime", *command]


def variables(root: Path, passwords: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **passwords, "MLOPS_ROOT": str(root), "PYTHONPATH": str(RUNTIME)}


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True)
class Servers:
    postgres: Server
    redis: Server
    root: Path
    workspace: Workspace  # whose generated/ says where they are


def start_both(root: Path, programs: dict[str, str], started: list[Server]) -> Servers:
    postgres_port, redis_port = free_port(), free_port()
    workspace = repository.build_with_servers(root, postgres_port, redis_port, PASSWORDS)
    env = variables(root, PASSWORDS)
    data = root / "postgres" / "data"
    subprocess.run(runtime("cluster", programs["initdb"], str(data)), env=env, check=True)
    options = {"listen_addresses": "127.0.0.1", "port": str(postgres_port), "unix_socket_directories": ""}
    flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
    postgres = Server(
        ["unprivileged", programs["postgres"], "-D", str(data), *flags],
        *(postgres_port, env, root / "postgres.log"),
    )
    keep = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    redis_command = ["redis", programs["redis-server"], str(root / "redis"), "--port", str(redis_port), *keep]
    redis = Server(redis_command, redis_port, env, root / "redis.log")
    for server in (postgres, redis):
        started.append(server)
        server.start()
    subprocess.run(runtime("databases", "feast"), env=env, check=True)
    return Servers(postgres, redis, root, workspace)
