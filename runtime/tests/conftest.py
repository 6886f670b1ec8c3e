from __future__ import annotations

from pathlib import Path

import pytest
import workspace as workspaces
from model_fixtures import published, trips  # noqa: F401 — fixtures

from mlops_runtime.environment import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.build(tmp_path)
