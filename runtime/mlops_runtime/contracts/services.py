"""<env>/runtime/services.json: where each replica of our own services answers."""

from __future__ import annotations

from mlops_runtime.contracts.base import Contract


class Api(Contract):
    """`alias` is that of the version that these replicas serve."""

    model: str
    alias: str
    addresses: tuple[str, ...]


class Consumer(Contract):
    view: str
    addresses: tuple[str, ...]


class Services(Contract):
    apis: tuple[Api, ...]
    consumers: tuple[Consumer, ...]
    monitors: tuple[str, ...]
