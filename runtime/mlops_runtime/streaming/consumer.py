"""The consumer of one view's topic. A batch is committed when both stores have it.

At least once, and idempotent: after a crash between write and commit the batch is read again, and writing it
again changes nothing. While a store does not answer, the consumer waits and keeps its place in the group.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import FrameType
from typing import TypeVar

import psycopg
import redis
from confluent_kafka import (
    TIMESTAMP_NOT_AVAILABLE,
    Consumer,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from mlops_runtime.environment import Workspace
from mlops_runtime.errors import PlatformError
from mlops_runtime.metrics.server import serve
from mlops_runtime.stores import kafka
from mlops_runtime.streaming import records
from mlops_runtime.streaming.metrics import Metrics
from mlops_runtime.streaming.records import Event, Rejected
from mlops_runtime.streaming.sinks import OfflineSink, OnlineSink

BATCH_RECORDS = 1000
BATCH_SECONDS = 0.5
LAG_SECONDS = 5.0
BACKOFF_SECONDS = (0.2, 5.0)  # the first and the longest
DELIVERY_SECONDS = 30
LETTER_BYTES = 900_000  # a broker takes 1 MiB, headers and all; of what was compressed it had taken more
REASON = "mlops.reason"
SOURCE = "mlops.source"

T = TypeVar("T")

logger = logging.getLogger("mlops_runtime.streaming")


class Stopped(Exception):
    """Asked to stop before a batch was written; it is read again at the next start."""


class StreamConsumer:
    def __init__(self, workspace: Workspace, view: str) -> None:
        self.contract = workspace.streaming(view)
        self.metrics = Metrics(view)
        self.problem: str | None = "no partition is assigned yet"
        self._stop = threading.Event()
        self._offline = OfflineSink(workspace, self.contract)
        self._online = OnlineSink(workspace, self.contract)
        self._consumer = Consumer(
            kafka.settings(
                workspace,
                **{
                    "group.id": self.contract.group,
                    "enable.auto.commit": False,
                    "auto.offset.reset": "earliest",
                    "partition.assignment.strategy": "cooperative-sticky",
                    # By default it waits a second after each lull.
                    "fetch.queue.backoff.ms": 20,
                },
            )
        )
        self._dead_letters = Producer(kafka.settings(workspace, **{"enable.idempotence": True}))
        self._lag_due = 0.0

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Runs until `stop`. The current batch is finished, or left for the next start."""
        self._consumer.subscribe([self.contract.topic])
        try:
            while not self._stop.is_set():
                self._step()
        except Stopped:
            logger.info("stopped in the middle of a batch, which is read again at the next start")
        finally:
            self._consumer.close()
            self._offline.close()
            self._online.close()

    def _step(self) -> None:
        messages = self._consumer.consume(BATCH_RECORDS, BATCH_SECONDS)
        usable = [message for message in messages if not self._is_error(message)]
        if usable:
            begun = time.monotonic()
            self._write(usable)
            self._commit(usable)
            self.metrics.batch_duration.observe(time.monotonic() - begun)
        elif not messages and self._consumer.assignment():
            self.problem = None
        self._tell_lag()

    def _is_error(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return False
        self._say(f"Kafka: {error.str()}")
        return True

    # --- one batch

    def _write(self, messages: Sequence[Message]) -> None:
        events, rejected = self._parsed(messages)
        if events:
            self._insist("offline", lambda: self._offline.write(events))
            stale = self._insist("online", lambda: self._online.write(events))
            self.metrics.records["written"].inc(len(events) - stale)
            self.metrics.records["stale"].inc(stale)
            newest = max(event.event for event in events).timestamp()
            self.metrics.newest_event.set(max(newest, self.metrics.newest_event._value.get()))
        if rejected:
            self._insist("dead_letter", lambda: self._bury(rejected))
            self.metrics.records["rejected"].inc(len(rejected))
        self.problem = None

    def _parsed(self, messages: Sequence[Message]) -> tuple[list[Event], list[tuple[Message, str]]]:
        events: list[Event] = []
        rejected: list[tuple[Message, str]] = []
        # Producers' clocks are real ones, also where the environment rehearses another time.
        now = datetime.now(UTC)
        for message in messages:
            try:
                events.append(
                    records.parse(self.contract, message.key(), message.value(), _sent(message), now)
                )
            except Rejected as reason:
                rejected.append((message, str(reason)))
        return events, rejected

    def _bury(self, rejected: Sequence[tuple[Message, str]]) -> None:
        """Sends the records to the dead-letter topic, before the commit, so that no reason is lost.

        Raises `PlatformError` if there is no such topic or a record is not delivered.
        """
        if self.contract.dead_letter_topic is None:
            first, reason = rejected[0]
            place = f"{first.topic()}/{first.partition()}/{first.offset()}"
            raise PlatformError(
                f"the record {place} cannot be used, and there is no dead-letter topic: {reason}"
            )
        failed: list[str] = []
        for message, reason in rejected:
            source = f"{message.topic()}/{message.partition()}/{message.offset()}"
            value = message.value()
            if value is not None and len(value) > LETTER_BYTES:
                reason, value = f"{reason} (its {len(value):,} bytes are at {source} alone)", None
            self._dead_letters.produce(
                self.contract.dead_letter_topic,
                value=value,
                key=message.key(),
                headers=[*(message.headers() or []), (REASON, reason.encode()), (SOURCE, source.encode())],
                on_delivery=lambda error, _: failed.append(error.str()) if error else None,
            )
        left = self._dead_letters.flush(DELIVERY_SECONDS)
        if left or failed:
            raise PlatformError(
                f"{left + len(failed)} dead letters were not delivered ({failed[:1] or 'no answer'})"
            )
        logger.warning("%s records rejected, the first because %s", len(rejected), rejected[0][1])

    def _insist(self, store: str, work: Callable[[], T]) -> T:
        """Tries until it succeeds, without reading on meanwhile. Raises `Stopped`."""
        wait = BACKOFF_SECONDS[0]
        while True:
            try:
                return work()
            except (
                PlatformError,
                psycopg.Error,
                redis.RedisError,
                KafkaException,
                BufferError,
                OSError,
            ) as error:
                self.metrics.store_errors[store].inc()
                self._say(f"a batch cannot be written to the {store} store: {str(error).splitlines()[0]}")
            if self._stop.is_set():
                raise Stopped
            self._keep_place(wait)
            wait = min(wait * 2, BACKOFF_SECONDS[1])

    def _keep_place(self, seconds: float) -> None:
        """Waits. Polling with all partitions paused keeps this consumer in its group."""
        self._consumer.pause(self._consumer.assignment())
        try:
            self._consumer.poll(seconds)
        finally:
            self._consumer.resume(self._consumer.assignment())

    def _commit(self, messages: Sequence[Message]) -> None:
        ends: dict[tuple[str, int], int] = {}
        for message in messages:
            place = (str(message.topic()), int(message.partition() or 0))
            ends[place] = max(ends.get(place, 0), int(message.offset() or 0) + 1)
        offsets = [TopicPartition(topic, partition, end) for (topic, partition), end in ends.items()]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=False)
            self.metrics.last_commit.set_to_current_time()
        except KafkaException as error:
            # Another consumer has the partition, or the broker is down: the batch is read again, harmlessly.
            self._say(f"a batch is written but not committed ({error.args[0].str()})")

    # --- metrics and log

    def _tell_lag(self) -> None:
        if time.monotonic() < self._lag_due:
            return
        self._lag_due = time.monotonic() + LAG_SECONDS
        try:
            assigned = self._consumer.assignment()
            lags = {}
            for found in self._consumer.committed(assigned, timeout=2) if assigned else []:
                low, high = self._consumer.get_watermark_offsets(found, timeout=2)
                lags[int(found.partition)] = high - (found.offset if found.offset >= 0 else low)
            self.metrics.lag(lags)
        except KafkaException as error:
            self._say(f"Kafka does not report the lag ({error.args[0].str()})")

    def _say(self, problem: str) -> None:
        """Logs a problem once, not at every attempt."""
        if problem != self.problem:
            logger.error("%s", problem)
        self.problem = problem


def _sent(message: Message) -> int | None:
    """Kafka's time of the record, in milliseconds since 1970."""
    kind, milliseconds = message.timestamp()
    return None if kind == TIMESTAMP_NOT_AVAILABLE else int(milliseconds)


def consume(workspace: Workspace, view: str) -> None:
    """Runs the view's consumer until SIGTERM or SIGINT."""
    endpoint = workspace.stream_endpoint(view)
    consumer = StreamConsumer(workspace, view)

    def end(_number: int, _frame: FrameType | None) -> None:
        consumer.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server = serve(consumer.metrics.registry, endpoint.host, endpoint.port, lambda: consumer.problem)
    try:
        consumer.run()
    finally:
        server.shutdown()
