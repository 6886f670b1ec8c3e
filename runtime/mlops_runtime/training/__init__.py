"""A model's life cycle: pull features, train, evaluate, gate, register; and repeat a recorded training."""

import os

from mlops_runtime.imports import before_mlflow  # noqa: F401 — before any module here imports MLflow

# Otherwise OpenMP's threads spin while they wait for each other, and boosting trees takes ten times as long
# on a busy machine. It is read once, when scikit-learn is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
