"""What a release has left in the tools, for the chapter on releases: prints one JSON object.

releases_probe.py look      topics, committed offsets of two streamed views, a view's TTL in Feast's registry
releases_probe.py meddle    changes a topic's retention and a view's TTL, as somebody by hand
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from mlops_runtime.environment import Workspace
from mlops_runtime.features import store
from mlops_runtime.stores import kafka

VIEW = "airport_weather"
STREAMED = ("carrier_delays", "plane_delays")


def look(workspace: Workspace) -> dict[str, Any]:
    topics = AdminClient(kafka.settings(workspace)).list_topics(timeout=20).topics
    return {
        "topics": sorted(name for name in topics if not name.startswith("_")),
        "offsets": {view: _offsets(workspace, view) for view in STREAMED},
        "ttl": store.view(store.open_store(workspace), VIEW).ttl.total_seconds(),
    }


def _offsets(workspace: Workspace, view: str) -> list[int]:
    contract = workspace.streaming(view)
    consumer = Consumer(
        kafka.settings(workspace, **{"group.id": contract.group, "enable.auto.commit": False})
    )
    try:
        places = [TopicPartition(contract.topic, number) for number in range(contract.partitions)]
        return [place.offset for place in consumer.committed(places, timeout=20)]
    finally:
        consumer.close()


def meddle(workspace: Workspace) -> dict[str, Any]:
    entry = ConfigEntry("retention.ms", "12345678", incremental_operation=AlterConfigOpType.SET)
    topic = workspace.streaming(STREAMED[0]).topic
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    for future in AdminClient(kafka.settings(workspace)).incremental_alter_configs([resource]).values():
        future.result(20)
    opened = store.open_store(workspace)
    view = store.view(opened, VIEW)
    view.ttl = timedelta(hours=5)
    opened.apply([view])
    return {"topic": topic, "view": VIEW}


def main() -> None:
    workspace = Workspace.open(os.environ)
    print(json.dumps(look(workspace) if sys.argv[1] == "look" else meddle(workspace)))


if __name__ == "__main__":
    main()
