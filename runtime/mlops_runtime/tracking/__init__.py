"""The environment's MLflow: a client, experiments and registered models.

Importing this package imports MLflow, which takes seconds: import it where it is needed.
"""

from mlops_runtime.imports import before_mlflow  # noqa: F401 — its settings come before MLflow's import

# isort: split
from mlops_runtime.tracking.client import PROMOTED_AT, aliased, champion, connect, every, failures, is_missing
from mlops_runtime.tracking.models import apply_experiment, apply_model, apply_registered_model

__all__ = [
    "PROMOTED_AT",
    "aliased",
    "apply_experiment",
    "apply_model",
    "apply_registered_model",
    "champion",
    "connect",
    "every",
    "failures",
    "is_missing",
]
