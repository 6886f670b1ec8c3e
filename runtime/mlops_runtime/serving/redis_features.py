"""Features read from Redis without Feast, in one round trip for all instances and views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlops_runtime import contracts
from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.features import redis_layout, values
from mlops_runtime.features.redis_layout import ViewLayout
from mlops_runtime.stores.redis import address, connect

Row = Mapping[str, Any]
Seen = Callable[[str, float | None], None]
Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class ViewRead:
    """What is read of one view: fields of its hash, and the inputs that they become."""

    layout: ViewLayout
    inputs: tuple[str, ...]
    ttl_seconds: int

    @property
    def fields(self) -> list[bytes]:
        return [self.layout.time_field, *self.layout.feature_fields]


class RedisFeatures:
    def __init__(self, workspace: Workspace, contract: contracts.Serving, seen: Seen) -> None:
        """Raises `PlatformError` if Redis does not answer."""
        self._client = connect(workspace)
        self._seen = seen
        self._reads = _reads(workspace.environment.project, contract)
        self._order = [feature.input for feature in contract.features]
        server = address(workspace)
        try:
            self._client.ping()
        except Exception as error:
            raise PlatformError(f"Redis does not answer at {server.host}:{server.port} ({error})") from error

    def look_up(self, instances: Sequence[Row], now: float) -> Columns:
        """A column per input (`view__feature`), a value per instance; None if absent or older than its TTL.

        `now` is in seconds since the epoch. Raises `redis.RedisError`.
        """
        answers = iter(self.read(instances))
        columns: Columns = {}
        for read in self._reads:
            rows = [self._values(read, next(answers), now) for _ in instances]
            columns.update(zip(read.inputs, map(list, zip(*rows, strict=True)), strict=True))
        return {name: columns[name] for name in self._order}

    def read(self, instances: Sequence[Row]) -> list[list[bytes | None]]:
        """Fields of each view and instance, in this order; of no effect on what is measured."""
        with self._client.pipeline(transaction=False) as pipe:
            for read in self._reads:
                for instance in instances:
                    pipe.hmget(read.layout.key(instance), read.fields)  # type: ignore[arg-type]
            found: list[list[bytes | None]] = pipe.execute()
        return found

    def _values(self, read: ViewRead, found: list[bytes | None], now: float) -> list[Any]:
        time = redis_layout.decode_time(found[0])
        age = None if time is None else now - time
        if age is None or age > read.ttl_seconds:
            self._seen(read.layout.view, None)
            return [None] * len(read.inputs)
        self._seen(read.layout.view, age)
        return [values.decode(value) for value in found[1:]]


def _reads(project: str, contract: contracts.Serving) -> list[ViewRead]:
    reads = []
    for view in dict.fromkeys(feature.view for feature in contract.features):
        wanted = [feature for feature in contract.features if feature.view == view]
        keys = tuple(
            (key.join_key, key.type) for key in contract.entities if key.entity in wanted[0].entities
        )
        layout = ViewLayout(project, view, keys, tuple((each.feature, each.type) for each in wanted))
        reads.append(ViewRead(layout, tuple(each.input for each in wanted), wanted[0].ttl_seconds))
    return reads
