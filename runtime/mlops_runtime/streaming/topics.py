"""Topics as the specs want them: made, altered where that loses nothing, and refused otherwise."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
)

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.stores import kafka

TIMEOUT = 20.0
START_SECONDS = 60
RETENTION = "retention.ms"


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int
    replication: int
    config: dict[str, str]


def wanted(workspace: Workspace) -> list[Topic]:
    path: Path = workspace.common / "kafka" / "topics.json"
    if not path.is_file():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))["topics"]
    return [Topic(each["name"], each["partitions"], each["replication"], each["config"]) for each in found]


def apply(workspace: Workspace) -> dict[str, Any]:
    """What was made, altered and left. All is checked before anything is changed.

    Raises `PlatformError` where a topic has more partitions than wanted (Kafka takes none away) or keeps
    its records longer than wanted (what is older would be deleted at once).
    """
    admin = AdminClient(kafka.settings(workspace))
    live = _live(admin, workspace)
    topics = wanted(workspace)
    current = {topic.name: _config(admin, topic.name) for topic in topics if topic.name in live}
    refused = [
        reason
        for topic in topics
        if topic.name in live
        for reason in _losses(topic, live[topic.name], current[topic.name])
    ]
    if refused:
        raise PlatformError("\n".join(refused))
    made = [topic for topic in topics if topic.name not in live]
    grown = [topic for topic in topics if live.get(topic.name, topic.partitions) < topic.partitions]
    altered = [
        t
        for t in topics
        if t.name in current and any(current[t.name].get(k) != v for k, v in t.config.items())
    ]
    try:
        _wait(admin.create_topics([_new(topic) for topic in made]) if made else {})
        _wait(admin.create_partitions([NewPartitions(t.name, t.partitions) for t in grown]) if grown else {})
        _wait(admin.incremental_alter_configs([_altered(topic) for topic in altered]) if altered else {})
    except KafkaException as error:
        raise PlatformError(f"Kafka refused a topic: {error.args[0].str()}.") from error
    return {
        "made": [topic.name for topic in made],
        "altered": sorted({topic.name for topic in [*grown, *altered]}),
        # More partitions move keys: for a while two of them may hold events of one key.
        "repartitioned": [topic.name for topic in grown],
        "topics": [topic.name for topic in topics],
    }


def _losses(topic: Topic, partitions: int, current: dict[str, str]) -> list[str]:
    lost = []
    if partitions > topic.partitions:
        lost.append(
            f"The topic '{topic.name}' has {partitions} partitions, and the specs want {topic.partitions}: "
            f"Kafka takes none away. Write `partitions: {partitions}`, or use a new topic."
        )
    kept, asked = int(current.get(RETENTION, "-1")), int(topic.config.get(RETENTION, "-1"))
    if asked >= 0 and (kept < 0 or kept > asked):
        hours = "for ever" if kept < 0 else f"{kept / 3_600_000:g} hours"
        lost.append(
            f"The topic '{topic.name}' keeps its records {hours}, and the specs want "
            f"{asked / 3_600_000:g} hours: what is older would be deleted at once. Keep the longer "
            "`retention`, or shorten it by hand first."
        )
    return lost


def _live(admin: AdminClient, workspace: Workspace) -> dict[str, int]:
    """Topics and their numbers of partitions. Waits for a broker that is just starting."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return {
                name: len(found.partitions) for name, found in admin.list_topics(timeout=5).topics.items()
            }
        except KafkaException as error:
            if time.monotonic() > end:
                address = kafka.settings(workspace)["bootstrap.servers"]
                raise PlatformError(f"Kafka does not answer at {address} ({error.args[0].str()}).") from error


def _config(admin: AdminClient, name: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResource.Type.TOPIC, name)
    found = admin.describe_configs([resource])[resource].result(TIMEOUT)
    return {key: entry.value for key, entry in found.items()}


def _new(topic: Topic) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, topic.replication, config=topic.config)


def _altered(topic: Topic) -> ConfigResource:
    operation = AlterConfigOpType.SET
    entries = [
        ConfigEntry(key, value, incremental_operation=operation) for key, value in topic.config.items()
    ]
    return ConfigResource(ConfigResource.Type.TOPIC, topic.name, incremental_configs=entries)


def _wait(futures: dict[Any, Any]) -> None:
    for future in futures.values():
        future.result(TIMEOUT)
