"""What every request passes: its id, its body's limit, its log line, the version that answered."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from mlops_runtime.errors import PlatformError
from mlops_runtime.serving.log import logger
from mlops_runtime.serving.service import PredictionService

MAX_BODY_BYTES = 4 * 1024 * 1024  # 1,000 instances take far less
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_QUIET = ("/livez", "/readyz", "/metrics")

Next = Callable[[Request], Awaitable[Response]]


class BodyTooLarge(PlatformError):
    """More bytes than any request of this API needs."""


async def read_body(request: Request) -> bytes:
    """The body. Raises `BodyTooLarge` as soon as the limit is passed, whatever the headers said."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(f"The body has more than {MAX_BODY_BYTES:,} bytes; send fewer instances.")
    return bytes(body)


def log_requests(service: PredictionService) -> Callable[[Request, Next], Awaitable[Response]]:
    """A middleware. A caller's `X-Request-Id` is kept where it is harmless to log."""

    async def middleware(request: Request, call_next: Next) -> Response:
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.state.request_id = request_id
        started = time.perf_counter_ns()
        measured = request.url.path.endswith(":predict")
        if measured:
            service.metrics.in_flight.inc()
        try:
            response = await call_next(request)
        except Exception:
            logger.exception("a request failed", extra={"ecs": {"http.request.id": request_id}})
            error = {"message": "A bug of the service; its log tells more.", "details": []}
            response = JSONResponse({"error": error, "request_id": request_id}, 500)
        finally:
            if measured:
                service.metrics.in_flight.dec()
        version = service.watch.current.version if service.watch.current else "none"
        response.headers["x-request-id"] = request_id
        response.headers.setdefault("x-model-version", version)
        if measured:
            service.metrics.answered(response.status_code, (time.perf_counter_ns() - started) / 1e9)
        if request.url.path not in _QUIET:
            _log(request, response, time.perf_counter_ns() - started, service.contract.model)
        return response

    return middleware


def _log(request: Request, response: Response, nanoseconds: int, model: str) -> None:
    fields = {
        "event.duration": nanoseconds,
        "http.request.id": request.state.request_id,
        "http.request.method": request.method,
        "http.response.status_code": response.status_code,
        "url.path": request.url.path,
        "labels": {"model": model, "model_version": response.headers["x-model-version"]},
    }
    logger.info("%s %s %s", request.method, request.url.path, response.status_code, extra={"ecs": fields})
