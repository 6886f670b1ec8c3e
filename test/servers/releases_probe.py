"""What a release has left in the tools, for the chapter on releases: prints one JSON object.

releases_probe.py look      topics, committed offsets of two streamed views, a view's TTL in Feast's registry
releases_probe.py values    one digest of all online values
releases_probe.py meddle    changes a topic's retention and a view's TTL, as somebody by hand
"""

from __future__ import annotations

import hashlib
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
from mlops_runtime.stores.redis import connect

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


def values(workspace: Workspace) -> dict[str, Any]:
    digest, redis = hashlib.sha256(), connect(workspace)
    for key in sorted(redis.scan_iter(count=1000)):
        digest.update(key + repr(sorted(redis.hgetall(key).items())).encode())
    return {"values": digest.hexdigest()}


def meddle(workspace: Workspace) -> dict[str, Any]:
    entry = ConfigEntry("retention.ms", "12345678", incremental_operation=AlterConfigOpType.SET)
    topic = workspace.streaming(STREAMED[0]).topic
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient(kafka.settings(workspace))  # its answers come while somebody holds it
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(20)
    opened = store.open_store(workspace)
    view = store.view(opened, VIEW)
    view.ttl = timedelta(hours=5)
    opened.apply([view])
    return {"topic": topic, "view": VIEW}


def main() -> None:
    workspace = Workspace.open(os.environ)
    print(json.dumps({"look": look, "values": values, "meddle": meddle}[sys.argv[1]](workspace)))


if __name__ == "__main__":
    main()
