"""OpenSearch and rsyslog, which need paths that only this machine knows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

_HEAP = "-Xms512m -Xmx512m"
_DRIVER = Path(__file__).with_name("OpenSearch.java")


def become_opensearch(java: str, jars: str, folder: Path, host: str, port: str) -> NoReturn:
    """Replaces this process by a node that keeps its data in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    command = [java, *_HEAP.split(), "-XX:+ExitOnOutOfMemoryError", "-cp", f"{jars}/*", str(_DRIVER)]
    os.execv(java, [*command, str(folder), host, port])


def become_rsyslog(program: str, configuration: Path, folder: Path, logs: Path) -> NoReturn:
    """Replaces this process by the shipper of the files in `logs`; `folder` holds its own state."""
    folder.mkdir(parents=True, exist_ok=True)
    pid = folder / "rsyslog.pid"
    pid.unlink(missing_ok=True)  # left by one that was killed
    environment = {**os.environ, "MLOPS_LOGS": str(logs), "MLOPS_RSYSLOG": str(folder)}
    os.execve(program, [program, "-n", "-f", str(configuration), "-i", str(pid)], environment)
