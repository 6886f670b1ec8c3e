"""A Kafka broker with one node: its folder is formatted once, then this process becomes the broker."""

from __future__ import annotations

import base64
import os
import subprocess
import uuid
from pathlib import Path

from mlops_runtime.errors import PlatformError
from mlops_runtime.machine import durable

_HEAP = "-Xms256m -Xmx512m"


def make(java: str, jars: str, properties: Path, folder: Path) -> dict[str, bool]:
    """Formats the log folder unless it is formatted, and says whether it did. Raises `PlatformError`."""
    if (folder / "data" / "meta.properties").exists():
        return {"formatted": False}
    effective = _effective(properties, folder)
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    # In one word: one identifier of 64 begins with a hyphen.
    options = [f"--cluster-id={cluster}", "-c", str(effective)]
    command = [*_java(java, jars), "kafka.tools.StorageTool", "format", *options]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        tail = (found.stderr or found.stdout).strip().splitlines()[-1:] or ["it printed nothing"]
        raise PlatformError(f"Kafka cannot format {folder / 'data'}: {tail[0]}.")
    return {"formatted": True}


def become(java: str, jars: str, properties: Path, folder: Path) -> None:
    """Replaces this process by the broker."""
    effective = _effective(properties, folder)
    os.execv(java, [*_java(java, jars), "kafka.Kafka", str(effective)])


def _java(java: str, jars: str) -> list[str]:
    return [java, *_HEAP.split(), "-XX:+ExitOnOutOfMemoryError", "-cp", f"{jars}/*"]


def _effective(properties: Path, folder: Path) -> Path:
    """The generated configuration plus the log folder, which only this machine knows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "server.properties"
    durable.write(path, properties.read_bytes() + f"log.dirs={folder / 'data'}\n".encode())
    return path
