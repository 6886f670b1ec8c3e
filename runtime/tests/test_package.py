"""What the package's wheel brings beside its modules."""

from __future__ import annotations

import tomllib
from pathlib import Path

RUNTIME = Path(__file__).parents[1]


def test_every_file_that_is_no_module_is_declared_as_data_of_the_package() -> None:
    package = RUNTIME / "mlops_runtime"
    patterns = tomllib.loads((RUNTIME / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    declared = {
        path for pattern in patterns["package-data"]["mlops_runtime"] for path in package.glob(pattern)
    }
    others = {
        path
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts
    }
    assert others - declared == set()
    assert package / "metrics.json" in others
