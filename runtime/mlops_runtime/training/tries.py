"""How many candidates were judged on one holdout: the best of many is good by chance, and the gate says so.

A holdout is the same where its labelled rows are: keys, times and labels, whatever features and code were
tried on them. Where training follows the data by the hour, each holdout is new but shares most of its rows
with the last one; so those are counted, too, that cover half of its time or more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from mlops_runtime import contracts
from mlops_runtime.training.dataset import LABEL, LABEL_TIMESTAMP, Side
from mlops_runtime.training.run import TrainingRun

# Tags of a run.
DIGEST, FIRST, LAST = "holdout.digest", "holdout.first", "holdout.last"
# Metrics of a run.
SAME, SIMILAR = "candidates_same_holdout", "candidates_similar_holdout"
# Runs of the experiment that are looked at, the newest first.
_LOOKED_AT = 1000


@dataclass(frozen=True)
class Tries:
    """Candidates judged so far, this one included; the same holdouts are among the similar ones."""

    same: int
    similar: int

    def metrics(self) -> dict[str, float]:
        return {SAME: self.same, SIMILAR: self.similar}

    def sentence(self) -> str:
        """Empty for a first candidate."""
        if self.similar <= 1:
            return ""
        most = f", number {self.similar} on one that shares at least half of its time"
        return (
            f"It is candidate number {self.same} on this holdout{most if self.similar > self.same else ''}."
        )


def describe(model: contracts.Model, holdout: Side) -> dict[str, str]:
    """The tags that tell this holdout from others."""
    names = [*sorted({key.join_key for key in model.entities}), LABEL_TIMESTAMP, LABEL]
    rows = holdout.rows[names].sort_values(names, ignore_index=True, na_position="last")
    hashed = pd.util.hash_pandas_object(rows, index=False).to_numpy()
    times = holdout.rows[LABEL_TIMESTAMP]
    return {
        DIGEST: hashlib.sha256(hashed.tobytes()).hexdigest(),
        FIRST: times.min().isoformat(),
        LAST: times.max().isoformat(),
    }


def count(run: TrainingRun) -> Tries:
    """Of the newest thousand runs of the model's experiment."""
    own = run.recorded().data.tags
    judged = run.client.search_runs(
        [run.experiment_id],
        filter_string="tags.gate != 'pending'",
        order_by=["attributes.start_time DESC"],
        max_results=_LOOKED_AT,
    )
    others = [each.data.tags for each in judged if each.info.run_id != run.id and DIGEST in each.data.tags]
    same = sum(tags[DIGEST] == own.get(DIGEST) for tags in others)
    similar = sum(tags[DIGEST] == own.get(DIGEST) or _overlap(tags, own) >= 0.5 for tags in others)
    return Tries(1 + same, 1 + similar)


def _overlap(tags: Mapping[str, str], own: Mapping[str, str]) -> float:
    """The share of the own holdout's time that the other one covers."""
    if FIRST not in own:
        return 0.0
    first, last = (datetime.fromisoformat(own[name]) for name in (FIRST, LAST))
    begun, ended = (datetime.fromisoformat(tags[name]) for name in (FIRST, LAST))
    shared = min(last, ended) - max(first, begun)
    return max(shared, timedelta()) / (last - first) if last > first else 0.0
