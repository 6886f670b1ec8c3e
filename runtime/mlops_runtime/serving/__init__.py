"""The online API of one model."""

from mlops_runtime import unchecked_feast  # noqa: F401 - before Feast
