"""Kafka's topics, which are created, or altered unless that would lose records."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    TopicMetadata,
)

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.live.state import Change, State
from mlops_runtime.stores import kafka

PREFIX = "kafka/topic/"
TIMEOUT = 20.0
START_SECONDS = 60
RETENTION = "retention.ms"


def desired(workspace: Workspace) -> State:
    path = workspace.common / "kafka" / "topics.json"
    if not path.is_file():
        return {}
    return {
        f"{PREFIX}{topic['name']}": {key: topic[key] for key in ("partitions", "replication", "config")}
        for topic in json.loads(path.read_text(encoding="utf-8"))["topics"]
    }


def observe(workspace: Workspace) -> State:
    """Every topic but Kafka's own, with its own settings and without the broker's defaults."""
    admin = AdminClient(kafka.settings(workspace))
    topics = {name: topic for name, topic in _topics(admin, workspace).items() if not name.startswith("__")}
    settings = _settings(admin, list(topics))
    return {
        f"{PREFIX}{name}": {
            "partitions": len(topic.partitions),
            "replication": max((len(each.replicas) for each in topic.partitions.values()), default=0),
            "config": {
                key: entry.value
                for key, entry in sorted(settings[name].items())
                if ConfigSource(entry.source) is ConfigSource.DYNAMIC_TOPIC_CONFIG
            },
        }
        for name, topic in topics.items()
    }


def apply(workspace: Workspace, changes: Sequence[Change]) -> dict[str, Any]:
    """Checks everything before it changes anything. An undeclared topic is deleted only if it is empty.

    Raises `PlatformError` if a topic has more partitions than wanted (Kafka cannot remove any) or keeps its
    records longer than wanted (older ones would be deleted at once).
    """
    admin = AdminClient(kafka.settings(workspace))
    made = [change for change in changes if change.kind == "create"]
    updated = [change for change in changes if change.kind == "update"]
    # With the broker's defaults, which may also state how long a topic keeps its records.
    settings = _settings(admin, [change.name for change in updated])
    if refused := [reason for change in updated for reason in _losses(change, settings[change.name])]:
        raise PlatformError("\n".join(refused))
    grown = [change for change in updated if _differs(change, "partitions")]
    altered = [change for change in updated if _differs(change, "config")]
    records = {c.address: _records(admin, c) for c in changes if c.kind == "delete"}
    removed = [change for change in changes if records.get(change.address) == 0]
    try:
        _wait(admin.create_topics([_new(change) for change in made]) if made else {})
        _wait(admin.create_partitions([_grown(change) for change in grown]) if grown else {})
        _wait(admin.incremental_alter_configs([_altered(change) for change in altered]) if altered else {})
        _wait(admin.delete_topics([change.name for change in removed]) if removed else {})
    except KafkaException as error:
        raise PlatformError(f"Kafka refused a topic: {error.args[0].str()}.") from error
    return {
        "made": [change.name for change in made],
        "altered": sorted({change.name for change in [*grown, *altered]}),
        # More partitions move keys: for a while, two partitions may hold events of the same key.
        "repartitioned": [change.name for change in grown],
        "removed": [change.name for change in removed],
        "left": {
            address: f"deleting it would lose its records ({count}): delete it by hand, or declare it"
            for address, count in records.items()
            if count > 0
        },
    }


def _losses(change: Change, settings: dict[str, ConfigEntry]) -> list[str]:
    wanted, found = change.desired or {}, change.observed or {}
    lost = []
    if found["partitions"] > wanted["partitions"]:
        lost.append(
            f"The topic '{change.name}' has {found['partitions']} partitions, and the specs want "
            f"{wanted['partitions']}: Kafka takes none away. Write `partitions: {found['partitions']}`, or "
            "use a new topic."
        )
    if found["replication"] != wanted["replication"]:
        lost.append(
            f"The topic '{change.name}' has {found['replication']} replicas of each partition, and the specs "
            f"want {wanted['replication']}: a deploy moves no replicas. Use `kafka-reassign-partitions`."
        )
    kept, asked = int(settings[RETENTION].value or -1), int(wanted["config"].get(RETENTION, "-1"))
    if asked >= 0 and (kept < 0 or kept > asked):
        hours = "for ever" if kept < 0 else f"{kept / 3_600_000:g} hours"
        lost.append(
            f"The topic '{change.name}' keeps its records {hours}, and the specs want "
            f"{asked / 3_600_000:g} hours: what is older would be deleted at once. Keep the longer "
            "`retention`, or shorten it by hand first."
        )
    return lost


def _topics(admin: AdminClient, workspace: Workspace) -> dict[str, TopicMetadata]:
    """Waits for a broker that is still starting."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return dict(admin.list_topics(timeout=5).topics)
        except KafkaException as error:
            if time.monotonic() > end:
                address = kafka.settings(workspace)["bootstrap.servers"]
                raise PlatformError(f"Kafka does not answer at {address} ({error.args[0].str()}).") from error


def _settings(admin: AdminClient, names: Sequence[str]) -> dict[str, dict[str, ConfigEntry]]:
    resources = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in names]
    found = admin.describe_configs(resources) if resources else {}
    return {resource.name: future.result(TIMEOUT) for resource, future in found.items()}


def _records(admin: AdminClient, change: Change) -> int:
    """An upper bound of the topic's records: a compacted topic also counts removed ones."""
    partitions = [
        TopicPartition(change.name, number) for number in range((change.observed or {})["partitions"])
    ]

    def offsets(of: OffsetSpec) -> int:
        found = admin.list_offsets(dict.fromkeys(partitions, of))
        return sum(future.result(TIMEOUT).offset for future in found.values())

    return offsets(OffsetSpec.latest()) - offsets(OffsetSpec.earliest())  # type: ignore[no-untyped-call]


def _differs(change: Change, key: str) -> bool:
    return bool((change.desired or {}).get(key) != (change.observed or {}).get(key))


def _new(change: Change) -> NewTopic:
    wanted = change.desired or {}
    return NewTopic(change.name, wanted["partitions"], wanted["replication"], config=wanted["config"])


def _grown(change: Change) -> NewPartitions:
    return NewPartitions(change.name, (change.desired or {})["partitions"])


def _altered(change: Change) -> ConfigResource:
    wanted, found = (change.desired or {})["config"], (change.observed or {})["config"]
    entries = [
        ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        for key, value in wanted.items()
        if found.get(key) != value
    ] + [
        ConfigEntry(key, None, incremental_operation=AlterConfigOpType.DELETE)
        for key in found.keys() - wanted.keys()
    ]
    return ConfigResource(ConfigResource.Type.TOPIC, change.name, incremental_configs=entries)


def _wait(futures: dict[Any, Any]) -> None:
    for future in futures.values():
        future.result(TIMEOUT)
