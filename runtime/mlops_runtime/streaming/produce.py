"""Sends rows of a streamed view to its topic, for replays, tests, and teams whose source is a file."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pandas as pd
from confluent_kafka import Producer

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features.values import is_missing
from mlops_runtime.stores import kafka

FLUSH_SECONDS = 60


def produce(workspace: Workspace, view: str, rows: pd.DataFrame) -> int:
    """Sends the rows in order, and returns their number when the broker has all of them.

    Raises `PlatformError` if a row is not delivered.
    """
    contract = workspace.streaming(view)
    producer = Producer(kafka.settings(workspace, **{"enable.idempotence": True, "linger.ms": 20}))
    failed: list[str] = []

    def delivered(error: Any, _message: Any) -> None:
        if error is not None:
            failed.append(error.str())

    for row in rows.to_dict("records"):
        key, value = record(contract, {str(name): given for name, given in row.items()})
        while True:
            try:
                producer.produce(contract.topic, key=key, value=value, on_delivery=delivered)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    left = producer.flush(FLUSH_SECONDS)
    if left or failed:
        raise PlatformError(
            f"{left + len(failed):,} records for '{contract.topic}' were not delivered {failed[:1]}."
        )
    return len(rows)


def record(contract: contracts.Streaming, row: dict[str, Any]) -> tuple[bytes | None, bytes]:
    """Key and value of a row's event, which carries the features that the row has.

    The key is None if the topic has none.
    """
    names = [*(key.name for key in contract.key), contract.timestamp]
    names += [contract.created] if contract.created is not None else []
    names += [feature.name for feature in contract.features if feature.name in row]
    key = "|".join(str(row[each.name]) for each in contract.key)
    return key.encode() if contract.keyed else None, json.dumps(
        {name: _json(row.get(name)) for name in names}
    ).encode()


def _json(given: Any) -> Any:
    if is_missing(given) or given is pd.NaT:
        return None
    if isinstance(given, datetime):
        return given.isoformat()
    return given.item() if hasattr(given, "item") else given
