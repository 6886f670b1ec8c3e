"""Feast 0.67's layout in Redis: a hash per combination of join keys, with fields for each view's features.

The fields `_ts:<view>` (the event time) and those hashed from `view:feature` are Feast's own, so that Feast
and this package can read what the other writes. `_version:<view>` is added: event and created time in
microseconds, from which a write sees whether it is newer than the stored row; and `_version:<view>:<feature>`
for each value that an older event gave than the row's. Feast ignores them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from feast.infra.online_stores.helpers import _mmh3, _redis_key
from google.protobuf.timestamp_pb2 import Timestamp  # type: ignore[import-untyped,unused-ignore]

from mlops_runtime import contracts
from mlops_runtime.features import values

SERIALIZATION = 3


@dataclass(frozen=True)
class ViewLayout:
    """One feature view in Redis. `keys` and `features` are (name, type)."""

    project: str
    view: str
    keys: tuple[tuple[str, contracts.ScalarType], ...]
    features: tuple[tuple[str, contracts.ScalarType], ...]

    @cached_property
    def time_field(self) -> bytes:
        return f"_ts:{self.view}".encode()

    @cached_property
    def version_field(self) -> bytes:
        return f"_version:{self.view}".encode()

    @cached_property
    def feature_fields(self) -> tuple[bytes, ...]:
        """In the order of `features`."""
        return tuple(_mmh3(f"{self.view}:{name}") for name, _ in self.features)

    @cached_property
    def own_version_fields(self) -> tuple[bytes, ...]:
        """In the order of `features`."""
        return tuple(f"_version:{self.view}:{name}".encode() for name, _ in self.features)

    def key(self, row: Mapping[str, Any]) -> bytes:
        """The Redis key of the hash that holds the row's values."""
        # Feast itself sorts the keys by name.
        return entity_key(self.project, [(name, kind, row[name]) for name, kind in self.keys])

    def encode(self, row: Mapping[str, Any], event: datetime, created: datetime | None) -> list[bytes]:
        """Field and value of the version and of the event time; then, for every feature, its field, that of
        its own version, whether the row carries it (1 or 0), and its value."""
        parts = [self.version_field, version(event, created), self.time_field, _time(event)]
        for field, own, (name, kind) in zip(
            self.feature_fields, self.own_version_fields, self.features, strict=True
        ):
            carried = name in row
            value = values.encode(kind, row[name]).SerializeToString() if carried else b""
            parts += [field, own, b"%d" % carried, value]
        return parts


def entity_key(project: str, keys: Sequence[tuple[str, contracts.ScalarType, Any]]) -> bytes:
    return _entity_key(project, tuple(sorted(keys)))


@lru_cache(maxsize=100_000)
def _entity_key(project: str, ordered: tuple[tuple[str, contracts.ScalarType, Any], ...]) -> bytes:
    """Cached, because the same few thousand keys keep coming and building one is slow."""
    proto = values.entity_key(ordered)
    key: bytes = _redis_key(project, proto, entity_key_serialization_version=SERIALIZATION)
    return key


def decode_time(encoded: bytes | None) -> float | None:
    """Seconds since the epoch."""
    if not encoded:
        return None
    stamp = Timestamp.FromString(encoded)
    return float(stamp.seconds + stamp.nanos / 1e9)


def version(event: datetime, created: datetime | None) -> bytes:
    """Sorts as text by event time, then by created time; both in microseconds since the epoch."""
    return b"%020d%020d" % (_microseconds(event), _microseconds(created) if created is not None else 0)


def _time(event: datetime) -> bytes:
    stamp = Timestamp()
    stamp.FromDatetime(values.utc(event))
    encoded: bytes = stamp.SerializeToString()
    return encoded


def _microseconds(moment: datetime) -> int:
    moment = values.utc(moment)
    seconds = int(moment.replace(microsecond=0).timestamp())
    # Text sorts like numbers only if they are not negative; no feature is older than 1970.
    return max(0, seconds * 1_000_000 + moment.microsecond)
