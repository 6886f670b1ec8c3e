"""Writing and reading the online store in Redis, by one rule for all writers: the newer value stays.

Materialisation, backfill and the stream consumer write at the same time. Feast reads the old time and then
writes, so the older of two rows could be written last; here one script in Redis does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import redis

from mlops_runtime.features.redis_layout import ViewLayout

BATCH = 1000

# Each feature keeps the value of the latest event that carries it, and the row the time of the latest event:
# in which order events come, or how often, makes no difference. Of two with the same version, what was read
# later stays. A value that no event has repeated for the TTL is dropped.
# KEYS: the hash. ARGV: lifetime in seconds, TTL in microseconds (0: none), then what `encode` gives.
# Returns 1, or 0 if all that the event says is older than what is there.
_MERGE = """
local hash, ttl, version = KEYS[1], tonumber(ARGV[2]), ARGV[4]
local asked = {ARGV[3]}
for i = 7, #ARGV, 4 do asked[#asked + 1] = ARGV[i]; asked[#asked + 1] = ARGV[i + 1] end
local held = redis.call('HMGET', hash, unpack(asked))
local row = held[1]
local newest = (row and row > version) and row or version
local function micros(of) return tonumber(string.sub(of, 1, 20)) end
local set, gone, told = {}, {}, newest == version
if told then set = {ARGV[3], version, ARGV[5], ARGV[6]} end
for i = 7, #ARGV, 4 do
  local at = (i - 7) / 2 + 2
  local field, own, value, of = ARGV[i], ARGV[i + 1], held[at], held[at + 1] or row
  if ARGV[i + 2] == '1' and (not value or of <= version) then
    value, of, told = ARGV[i + 3], version, true
    set[#set + 1] = field; set[#set + 1] = value
  end
  if value and ttl > 0 and micros(newest) - micros(of) > ttl then
    gone[#gone + 1] = field; gone[#gone + 1] = own
  elseif value and of ~= newest then
    set[#set + 1] = own; set[#set + 1] = of
  elseif held[at + 1] then
    gone[#gone + 1] = own
  end
end
if not told then return 0 end
redis.call('HSET', hash, unpack(set))
if #gone > 0 then redis.call('HDEL', hash, unpack(gone)) end
redis.call('EXPIRE', hash, ARGV[1])
return 1
"""

Row = tuple[dict[str, Any], datetime, datetime | None]


def write(
    client: redis.Redis, layout: ViewLayout, rows: Iterable[Row], lifetime: int, ttl: timedelta | None
) -> tuple[int, int]:
    """The numbers of rows that were written, and that were not because Redis has all newer values.

    A row is (keys and features by name, event time, created time); a feature that it does not name stays as
    it is. A key that is not written for `lifetime` seconds expires. Raises `redis.RedisError`, after which
    some rows may be written: write all of them again.
    """
    script = client.register_script(_MERGE)
    carried_for = int(ttl / timedelta(microseconds=1)) if ttl else 0
    written = total = 0
    for some in _batched(rows):
        with client.pipeline(transaction=False) as pipe:
            for row, event, created in some:
                arguments: list[bytes | int] = [lifetime, carried_for, *layout.encode(row, event, created)]
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
