"""Log records as JSON in the Elastic Common Schema, one per line, on standard error."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

ECS_VERSION = "9.0.0"
logger = logging.getLogger("mlops_runtime.serving")


class EcsFormatter(logging.Formatter):
    """Adds the fields in a record's `ecs` attribute: `extra={"ecs": {"http.request.method": "GET"}}`."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "log.level": record.levelname.lower(),
            "message": record.getMessage(),
            "ecs.version": ECS_VERSION,
            "service.name": self._service,
            "log.logger": record.name,
            **getattr(record, "ecs", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error.type"] = record.exc_info[0].__name__
            line["error.message"] = str(record.exc_info[1])
            line["error.stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(service: str) -> None:
    """Sends all logging of this process, libraries included, to standard error as ECS lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EcsFormatter(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("mlops_runtime", "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
