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


class Postgres(Contract):
    """The offline store; the password is in an environment variable."""

    host: str
    port: int
    database: str
    user: str
    password_variable: str


class Redis(Contract):
    """The online store. A key that is not written for `key_ttl_seconds` expires."""

    host: str
    port: int
    password_variable: str
    key_ttl_seconds: int


class Kafka(Contract):
    bootstrap_servers: str


class Monitor(Contract):
    """Where the monitor answers /metrics. An older release does not say how old a backup may be."""

    host: str
    port: int
    backup_within_seconds: int | None = None


class Elasticsearch(Contract):
    """The index of logs: Elasticsearch, or OpenSearch in its place."""

    host: str
    port: int


class Environment(Contract):
    """Servers are null where stores are embedded."""

    environment: str
    project: str
    stores: Literal["embedded", "servers"]
    state: str
    warehouse: str
    feast_repository: str
    aliases: dict[str, str]
    mlflow: MlflowAddress
    airflow: AirflowAddress
    postgres: Postgres | None
    redis: Redis | None
    kafka: Kafka | None
    monitor: Monitor | None
    elasticsearch: Elasticsearch | None
    secrets: Annotated[EnvironmentSecrets | FileSecrets, Field(discriminator="provider")]
    connections: dict[str, ConnectionSpec]
