"""What applies to every request: an id, a limit for the body, a log line, the answering version."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlops_runtime.errors import PlatformError
from mlops_runtime.logs.ecs import logger
from mlops_runtime.serving import drain
from mlops_runtime.serving.service import PredictionService

MAX_BODY_BYTES = 4 * 1024 * 1024  # 1,000 instances need far less
BODY_SECONDS = 30.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
GONE = 499  # the caller disconnected before there was a response; an error of nobody's
_QUIET = ("/livez", "/readyz", "/metrics")


class BodyTooLarge(PlatformError):
    """More bytes than any request of this API needs."""


class BodyTooSlow(PlatformError):
    """The caller did not send its body in time."""


async def read_body(request: Request) -> bytes:
    """The body. Raises `BodyTooLarge` as soon as it exceeds the limit, whatever its headers say.

    Raises `BodyTooSlow` where it is not complete in time.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise BodyTooLarge(
                        f"The body has more than {MAX_BODY_BYTES:,} bytes; send fewer instances."
                    )
    except TimeoutError:
        raise BodyTooSlow(f"The body was not complete within {BODY_SECONDS:g} s.") from None
    # Its caller's time, which is no part of ours, ends here.
    request.state.read_at = time.perf_counter_ns()
    return bytes(body)


class AccessLog:
    """Wraps the app. Plain ASGI, because Starlette's middleware class costs as much as a prediction.

    A caller's `X-Request-Id` is kept if it is safe to log.
    """

    def __init__(self, app: ASGIApp, service: PredictionService) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id, self._service)
        measured = scope["path"].endswith(":predict")
        metrics, started = self._service.metrics, time.perf_counter_ns()
        if measured:
            metrics.in_flight.inc()
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            pass  # in the middle of its body; 499 below
        except Exception:
            logger.exception("a request failed", extra={"ecs": {"http.request.id": request_id}})
            if answer.status is None:
                error = {"message": "An internal error of the service; see its log.", "details": []}
                await JSONResponse({"error": error, "request_id": request_id}, 500)(
                    scope, receive, answer.send
                )
        finally:
            ended = time.perf_counter_ns()
            took, status = ended - started, answer.status or GONE
            if measured:
                metrics.in_flight.dec()
                seconds = (ended - scope["state"].get("read_at", started)) / 1e9
                metrics.answered(status, None if status == GONE else seconds)
                if status != GONE:
                    self._service.answered(status, seconds)
            if scope["path"] not in _QUIET and not scope["path"].endswith(":golden"):
                _log(scope, request_id, status, took, self._service.contract.model, answer.version)


class _Answer:
    """Adds id, version and release to the response's headers, and remembers its status."""

    def __init__(self, send: Send, request_id: str, service: PredictionService) -> None:
        self._send, self._request_id, self._release = send, request_id, service.release
        current = service.watch.current
        self.status: int | None = None
        self.version = current.version if current else "none"

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            self.version = headers.setdefault("x-model-version", self.version)
            if self._release is not None:
                headers["x-release"] = self._release
            if drain.begun():
                headers["connection"] = "close"
        await self._send(message)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def _log(scope: Scope, request_id: str, status: int, nanoseconds: int, model: str, version: str) -> None:
    fields = {
        "event.duration": nanoseconds,
        "http.request.id": request_id,
        "http.request.method": scope["method"],
        "http.response.status_code": status,
        "url.path": scope["path"],
        "labels": {"model": model, "model_version": version},
    }
    if not logger.isEnabledFor(logging.INFO):
        return
    text = f"{scope['method']} {scope['path']} {status}"
    # Like `logger.info`, but without finding the calling line, which would not be used.
    logger.handle(logger.makeRecord(logger.name, logging.INFO, "", 0, text, (), None, extra={"ecs": fields}))
