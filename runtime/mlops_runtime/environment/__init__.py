"""A checkout in one environment: its folders, contracts, secrets and connections."""

from mlops_runtime.environment.workspace import Setting, Workspace

__all__ = ["Setting", "Workspace"]
