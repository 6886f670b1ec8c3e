"""Contracts of streamed views, as the compiler would have written them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from mlops_runtime import contracts


def contract(
    view: str,
    features: dict[str, contracts.ScalarType],
    keys: dict[str, contracts.ScalarType] | None = None,
    created: str | None = "ingested_at",
    ttl: timedelta = timedelta(hours=6),
) -> contracts.Streaming:
    found: dict[str, Any] = {
        "view": view,
        "topic": view,
        "dead_letter_topic": f"{view}.dead_letter",
        "group": f"feature_view.{view}",
        "partitions": 3,
        "keyed": True,
        "retention_seconds": 3600,
        "ttl_seconds": int(ttl.total_seconds()),
        "table": view,
        "key": [{"name": name, "type": kind} for name, kind in (keys or {"shop": "string"}).items()],
        "timestamp": "observed_at",
        "created": created,
        "on_failure": "warn",
        "features": [
            {"name": name, "type": kind, "min": None, "max": None} for name, kind in features.items()
        ],
    }
    return contracts.Streaming.model_validate_json(json.dumps(found))
