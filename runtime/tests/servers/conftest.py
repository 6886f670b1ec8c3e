from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers import running
from servers.running import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    programs = running.programs()
    if missing := [name for name, path in programs.items() if path is None]:
        pytest.fail(f"{', '.join(missing)} not installed here: `npm run servers:install`", pytrace=False)
    # Not pytest's folder, which is closed to the user that PostgreSQL runs as where we are root.
    root = Path(tempfile.mkdtemp(prefix="mlops-servers-"))
    root.chmod(0o755)
    started: list[running.Server] = []
    try:
        yield running.start_both(root, {name: str(path) for name, path in programs.items()}, started)
    finally:
        for server in started:
            server.stop()
        shutil.rmtree(root)
