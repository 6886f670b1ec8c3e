"""What the offline store's tables and their columns are called, and their types in PostgreSQL."""

from __future__ import annotations

from mlops_runtime import contracts
from mlops_runtime.errors import PlatformError

SQL_TYPES: dict[contracts.ScalarType, str] = {
    "bool": "boolean",
    "int32": "integer",
    "int64": "bigint",
    "float32": "real",
    "float64": "double precision",
    "string": "text",
    "timestamp": "timestamptz",
}
DIGITS = 12  # of a digest, in a table's name
CARRIED = (
    "_carried"  # of the stream's rows: the features that an event has; names of specs start with a letter
)
MAX_NAME = 63  # of PostgreSQL's identifiers, in bytes; longer ones are silently truncated


def snapshot_table(table: str, digest: str) -> str:
    return _name(f"{table}__{digest[:DIGITS]}")


def stream_table(table: str) -> str:
    return _name(f"{table}__stream")


def events_view(table: str) -> str:
    return _name(f"{table}__events")


def states_view(table: str) -> str:
    return _name(f"{table}__states")


def contract_keys(contract: contracts.Streaming) -> list[tuple[str, contracts.ScalarType]]:
    return [(key.name, key.type) for key in contract.key]


def stream_columns(contract: contracts.Streaming) -> list[tuple[str, contracts.ScalarType]]:
    """Names and types of the stream table's columns, in order."""
    times: list[tuple[str, contracts.ScalarType]] = [(contract.timestamp, "timestamp")]
    if contract.created is not None:
        times.append((contract.created, "timestamp"))
    return [*contract_keys(contract), *times, *((each.name, each.type) for each in contract.features)]


def _name(name: str) -> str:
    if len(name.encode()) > MAX_NAME:
        raise PlatformError(
            f"'{name}' is longer than the {MAX_NAME} characters that PostgreSQL allows: give the table a "
            "shorter name."
        )
    return name
