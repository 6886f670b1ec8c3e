"""The digest of a model's spec, as training runs record it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from mlops_runtime.contracts.model import Model, View


def spec_digest(model: Model, views: Iterable[View]) -> str:
    """`sha256:` of what the specs say of the model and of the views that it uses.

    No generated file holds it: each would change with every view, and so meet in a merge. The compiler's
    `spec-digest.ts` makes the same of the specs.
    """
    parts = [
        model.spec.digest,
        [[each.view, each.feature, each.type, model.masks.get(each.input)] for each in model.features],
        [[each.entity, each.join_key, each.type] for each in model.entities],
        [
            [each.view, each.entities, each.ttl_seconds, each.table, each.timestamp, each.created]
            for each in sorted(views, key=lambda view: view.view)
        ],
    ]
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
