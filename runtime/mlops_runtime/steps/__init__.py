"""Pipeline steps: the team's own functions and those that the platform provides."""

from mlops_runtime.steps.lookup import find, lock_of
from mlops_runtime.steps.running import Evidence, run

__all__ = ["Evidence", "find", "lock_of", "run"]
