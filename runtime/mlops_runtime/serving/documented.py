"""What an API answers beside 200, as /openapi.json says it: clients are generated from that."""

from __future__ import annotations

from typing import Any

from mlops_runtime.contracts import Endpoint
from mlops_runtime.serving.requests import Problem, Strict


class Explained(Strict):
    message: str
    details: list[Problem]


class Failure(Strict):
    error: Explained
    request_id: str


_WHY = {
    401: "The proxy takes callers with a key alone: `Authorization: Bearer KEY`.",
    408: "The body did not arrive in time.",
    413: "The body has more bytes than any request needs.",
    422: "The body does not fit the model, or features that it needs are missing.",
    429: "More requests than the proxy takes of one caller; `Retry-After` has the seconds to wait.",
    500: "An error of the service.",
    503: "No version is served yet; ask again later.",
    504: "The prediction took longer than the model's limit.",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses` of a route."""
    return {status: {"model": Failure, "description": _WHY[status]} for status in statuses}


def refused_before(endpoint: Endpoint) -> list[int]:
    """What callers are answered before a request gets here."""
    if endpoint.proxy is None:
        return []
    return [401, 429] if endpoint.proxy.keys else [429]
