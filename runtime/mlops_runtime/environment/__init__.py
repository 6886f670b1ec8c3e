"""Where everything is, and what the environment allows."""

from mlops_runtime.environment.workspace import Setting, Workspace

__all__ = ["Setting", "Workspace"]
