from __future__ import annotations

from pathlib import Path

import pytest
from trips import repository
from trips.fixtures import published, trips  # noqa: F401 — fixtures

from mlops_runtime.environment import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return repository.build(tmp_path)
