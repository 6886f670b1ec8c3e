"""The metrics of a stream consumer."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from mlops_runtime.metrics.families import families


class Metrics:
    def __init__(self, view: str) -> None:
        self.registry = CollectorRegistry()
        of, name = families("stream"), self.registry
        records = of["records"].counter(name)
        self.records = {
            outcome: records.labels(view, outcome) for outcome in ("written", "stale", "rejected")
        }
        self._lag = of["lag"].gauge(name)
        self.newest_event = of["newestEvent"].gauge(name).labels(view)
        self.batch_duration = of["batchDuration"].histogram(name).labels(view)
        self.last_commit = of["lastCommit"].gauge(name).labels(view)
        errors = of["storeErrors"].counter(name)
        self.store_errors = {
            store: errors.labels(view, store) for store in ("offline", "online", "dead_letter")
        }
        self._view = view

    def lag(self, lags: dict[int, int]) -> None:
        """Sets the lag per partition, and removes partitions that are no longer this consumer's."""
        self._lag.clear()
        for partition, records in lags.items():
            self._lag.labels(self._view, str(partition)).set(records)
