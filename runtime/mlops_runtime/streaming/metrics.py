"""What a consumer says of itself: names and labels are those of compiler/ir/metrics.ts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)


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


def serve(metrics: Metrics, host: str, port: int, problem: Callable[[], str | None]) -> ThreadingHTTPServer:
    """Answers /metrics, /livez and /readyz in its own thread. `problem`: why it is not ready, or None."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(metrics.registry))
            elif self.path == "/livez":
                self._answer(200, "application/json", b'{"status": "alive"}')
            elif self.path == "/readyz":
                reason = problem()
                body = {"status": "ready"} if reason is None else {"status": "not ready", "reason": reason}
                self._answer(200 if reason is None else 503, "application/json", json.dumps(body).encode())
            else:
                self._answer(404, "application/json", b'{"error": "there are /metrics, /livez and /readyz"}')

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a scrape every few seconds is no news."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
