"""What a consumer says of itself: names and labels are those of compiler/ir/metrics.ts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    def __init__(self, view: str) -> None:
        self.registry = CollectorRegistry()
        one, name = ["view"], self.registry
        records = Counter(
            "mlops_stream_records_total",
            "Records: written, stale or rejected.",
            [*one, "outcome"],
            registry=name,
        )
        self.records = {
            outcome: records.labels(view, outcome) for outcome in ("written", "stale", "rejected")
        }
        self._lag = Gauge(
            "mlops_stream_lag_records",
            "Records in the topic that are not yet committed.",
            [*one, "partition"],
            registry=name,
        )
        self.newest_event = Gauge(
            "mlops_stream_newest_event_timestamp_seconds",
            "Event time of the newest row written.",
            one,
            registry=name,
        ).labels(view)
        self.batch_duration = Histogram(
            "mlops_stream_batch_duration_seconds", "Time from a batch read to its commit.", one, registry=name
        ).labels(view)
        self.last_commit = Gauge(
            "mlops_stream_last_commit_timestamp_seconds",
            "When offsets were last committed.",
            one,
            registry=name,
        ).labels(view)
        errors = Counter(
            "mlops_stream_store_errors_total",
            "Failed attempts to write a batch, by store.",
            [*one, "store"],
            registry=name,
        )
        self.store_errors = {
            store: errors.labels(view, store) for store in ("offline", "online", "dead_letter")
        }
        self._view = view

    def lag(self, lags: dict[int, int]) -> None:
        """Of the partitions that are this consumer's now; another's are no longer told here."""
        self._lag.clear()
        for partition, records in lags.items():
            self._lag.labels(self._view, str(partition)).set(records)
