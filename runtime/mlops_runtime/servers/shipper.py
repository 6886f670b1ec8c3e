"""OpenSearch and rsyslog: programs that need to be told what only this machine knows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

_HEAP = "-Xms512m -Xmx512m"
_DRIVER = Path(__file__).with_name("OpenSearch.java")


def become_opensearch(java: str, jars: str, folder: Path, host: str, port: str) -> NoReturn:
    """This process becomes the node, with its data in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    command = [java, *_HEAP.split(), "-XX:+ExitOnOutOfMemoryError", "-cp", f"{jars}/*", str(_DRIVER)]
    os.execv(java, [*command, str(folder), host, port])


def become_rsyslog(program: str, configuration: Path, folder: Path, logs: Path) -> NoReturn:
    """This process becomes the shipper of the logs in a folder; what it must remember is in another."""
    folder.mkdir(parents=True, exist_ok=True)
    pid = folder / "rsyslog.pid"
    pid.unlink(missing_ok=True)  # of one that was killed
    environment = {**os.environ, "MLOPS_LOGS": str(logs), "MLOPS_RSYSLOG": str(folder)}
    os.execve(program, [program, "-n", "-f", str(configuration), "-i", str(pid)], environment)
