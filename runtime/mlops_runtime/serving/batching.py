"""Answers waiting requests together, with one look-up and one call of the model for all of them.

A tree model takes as long for thirty rows as for one, and so does a round trip to Redis. No request waits for
a batch to fill: one that comes alone is answered alone, and those that come meanwhile are the next batch.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 1000
THREADS = 4
PATIENCE_SECONDS = 0.05


@dataclass(frozen=True)
class Answer:
    model_version: str
    predictions: list[float]
    missing_features: list[list[str]]  # per prediction


@dataclass(frozen=True)
class Job:
    """A request. Its future belongs to the event loop, which alone sets it."""

    request_id: str
    instances: Sequence[Mapping[str, Any]]
    done: asyncio.Future[Answer] = field(repr=False)


Work = Callable[[Sequence[Job]], Sequence[Answer | Exception]]


class Batcher:
    """Passes waiting jobs to `work`, which returns an answer or an exception per job.

    One batch runs at a time, because threads that compute would only compete for Python's lock. If a batch
    takes long, the next one runs beside it, so that a slow request does not hold up the others.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = threading.Lock()
        self._busy_since: float | None = None

    def start(self) -> None:
        """Must be called on the event loop that answers requests."""
        self._loop = asyncio.get_running_loop()
        for number in range(THREADS):
            threading.Thread(target=self._run, name=f"predict-{number}", daemon=True).start()

    def stop(self) -> None:
        for _ in range(THREADS):
            self._waiting.put(None)

    def submit(self, request_id: str, instances: Sequence[Mapping[str, Any]]) -> asyncio.Future[Answer]:
        assert self._loop is not None  # `start` comes before the first request
        job = Job(request_id, instances, self._loop.create_future())
        self._waiting.put(job)
        return job.done

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_our_turn = self._turn.acquire(timeout=PATIENCE_SECONDS)
            try:
                if is_our_turn or self._is_held_up():
                    is_last = self._next_batch(patiently=is_our_turn)
            finally:
                if is_our_turn:
                    self._busy_since = None
                    self._turn.release()

    def _is_held_up(self) -> bool:
        """Whether the thread that has the turn is taking long over one batch."""
        since = self._busy_since
        return since is not None and time.monotonic() - since > PATIENCE_SECONDS

    def _next_batch(self, patiently: bool) -> bool:
        """Answers the next batch, and says whether it was the last. `patiently` waits for one."""
        try:
            first = self._waiting.get(block=patiently)
        except queue.Empty:
            return False
        if first is None:
            return True
        if patiently:
            self._busy_since = time.monotonic()
        jobs, is_last = self._together_with(first)
        self._answer([job for job in jobs if not job.done.cancelled()])
        return is_last

    def _together_with(self, first: Job) -> tuple[list[Job], bool]:
        jobs, rows = [first], len(first.instances)
        while rows < MOST_ROWS:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
            rows += len(job.instances)
        return jobs, False

    def _answer(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        try:
            answers: Sequence[Answer | Exception] = self._work(jobs)
        except Exception as error:  # a bug must not end the thread, and every caller gets it
            answers = [error] * len(jobs)
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(_set, jobs, answers)
        except RuntimeError:
            return  # the loop has ended, and with it all waiting requests


def _set(jobs: Sequence[Job], answers: Sequence[Answer | Exception]) -> None:
    for job, answer in zip(jobs, answers, strict=True):
        if job.done.done():  # timed out, or the caller disconnected
            continue
        if isinstance(answer, Exception):
            job.done.set_exception(answer)
        else:
            job.done.set_result(answer)
