"""A model's life: pull features, train, evaluate, gate, register; and repeat a recorded training."""

import os

from mlops_runtime.imports import before_mlflow  # noqa: F401 — before any module here imports MLflow

# OpenMP's threads otherwise spin while they wait for each other. On a machine whose cores are busy, boosting
# trees took ten times as long. It is read once, when scikit-learn is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
