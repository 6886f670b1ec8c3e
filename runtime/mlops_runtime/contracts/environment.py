"""<env>/runtime/environment.json."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlops_runtime.contracts.base import Contract


class EnvironmentSecrets(Contract):
    provider: Literal["env"]


class FileSecrets(Contract):
    provider: Literal["file"]
    dir: str


class ConnectionSpec(Contract):
    settings: dict[str, str | int | float | bool]
    secrets: dict[str, str]


class MlflowAddress(Contract):
    tracking_uri: str


class AirflowAddress(Contract):
    url: str


class Environment(Contract):
    environment: str
    stores: Literal["embedded"]
    state: str
    warehouse: str
    feast_repository: str
    mlflow: MlflowAddress
    airflow: AirflowAddress
    secrets: Annotated[EnvironmentSecrets | FileSecrets, Field(discriminator="provider")]
    connections: dict[str, ConnectionSpec]
