"""The online API of one model."""

from mlops_runtime.imports import before_feast  # noqa: F401 - before Feast
