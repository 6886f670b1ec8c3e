"""/metrics, /livez and /readyz of a process that has no other web server: consumers and the monitor."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


def serve(
    registry: CollectorRegistry, host: str, port: int, problem: Callable[[], str | None]
) -> ThreadingHTTPServer:
    """Serves /metrics, /livez and /readyz in a thread. `problem` returns why it is not ready, or None."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(registry))
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
            """Logs nothing, because Prometheus scrapes every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
