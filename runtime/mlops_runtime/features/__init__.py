"""Feast through its Python API. Importing this package imports Feast, which takes four seconds."""

from mlops_runtime.imports import before_feast  # noqa: F401 - before Feast

# isort: split
from mlops_runtime.features.join import historical
from mlops_runtime.features.online import backfill, materialize
from mlops_runtime.features.pinned import TIMESTAMP
from mlops_runtime.features.store import open_store

__all__ = ["TIMESTAMP", "backfill", "historical", "materialize", "open_store"]
