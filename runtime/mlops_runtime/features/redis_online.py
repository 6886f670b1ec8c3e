"""Writing and reading the online store in Redis, by one rule for all writers: the newer row stays.

Materialisation, backfill and the stream consumer write at the same time. Feast reads the old time and then
writes, so the older of two rows could be written last; here one script in Redis does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import redis

from mlops_runtime.features.redis_layout import ViewLayout

BATCH = 1000

# KEYS: the hash. ARGV: lifetime in seconds, then fields and values, the version's first.
# An equal version is written again, which changes nothing and repairs an interrupted write.
_WRITE_IF_NEWER = """
local old = redis.call('HGET', KEYS[1], ARGV[2])
if old and old > ARGV[3] then return 0 end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""

Row = tuple[dict[str, Any], datetime, datetime | None]


def write(client: redis.Redis, layout: ViewLayout, rows: Iterable[Row], lifetime: int) -> tuple[int, int]:
    """The numbers of rows that were written, and that were not because Redis has a newer one.

    A row is (keys and features by name, event time, created time). A key that is not written for `lifetime`
    seconds expires. Raises `redis.RedisError`, after which some rows may be written: write all of them again.
    """
    script = client.register_script(_WRITE_IF_NEWER)
    written = total = 0
    for some in _batched(rows):
        with client.pipeline(transaction=False) as pipe:
            for row, event, created in some:
                arguments: list[bytes | int] = [lifetime, *layout.encode(row, event, created)]
                script(keys=[layout.key(row)], args=arguments, client=pipe)
            answers = pipe.execute()
        written += sum(answers)
        total += len(answers)
    return written, total - written


def read_times(client: redis.Redis, layout: ViewLayout, keys: Iterable[dict[str, Any]]) -> list[bytes | None]:
    """The encoded event time of each key's row, None for a key without one."""
    found: list[bytes | None] = []
    for some in _batched(keys):
        with client.pipeline(transaction=False) as pipe:
            for key in some:
                pipe.hget(layout.key(key), layout.time_field)  # type: ignore[arg-type]
            found += pipe.execute()
    return found


def _batched(items: Iterable[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some
