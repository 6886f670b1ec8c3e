"""A version on trial, or the next process of an API, which withdraws if it does worse than its spec allows.

Each worker judges by its own requests of the last minutes. After withdrawing it responds with 503, which
makes the proxy ask the champion, until another version gets the alias.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from mlops_runtime import contracts
from mlops_runtime.logs.ecs import logger

WINDOW_SECONDS = 300
FEWEST = 50  # with fewer requests the result would be chance


class Trial:
    def __init__(self, limits: contracts.TrialLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._seen: deque[tuple[float, bool, float]] = deque()
        self._version: str | None = None
        self.aborted: str | None = None  # why it withdrew
        self.answers, self.failures, self.has_judged = 0, 0, False

    def serves(self, version: str | None) -> None:
        """Starts a new trial if the version has changed."""
        if version != self._version:
            self._version, self.aborted = version, None
            self._seen.clear()

    def answered(self, status: int, seconds: float) -> None:
        """Records a response with its HTTP status and the seconds that it took, and judges the version."""
        now = self._clock()
        self._seen.append((now, status >= 500, seconds))
        self.answers, self.failures = self.answers + 1, self.failures + int(status >= 500)
        while self._seen and self._seen[0][0] < now - WINDOW_SECONDS:
            self._seen.popleft()
        if self.aborted is None and len(self._seen) >= FEWEST:
            self.has_judged = True
            self.aborted = self._verdict()
            if self.aborted is not None:
                which = f"version {self._version}" if self._version is not None else "the next process"
                logger.error("%s on trial withdraws: %s", which, self.aborted)

    def _verdict(self) -> str | None:
        errors = sum(failed for _, failed, _ in self._seen) / len(self._seen)
        if self._limits.errors is not None and errors > self._limits.errors:
            return f"{errors:.1%} of its responses failed, and at most {self._limits.errors:.1%} may"
        if self._limits.latency_seconds is not None:
            times = sorted(seconds for _, _, seconds in self._seen)
            p99 = times[math.ceil(0.99 * len(times)) - 1]
            if p99 > self._limits.latency_seconds:
                most = self._limits.latency_seconds * 1000
                return f"99 of 100 responses took up to {p99 * 1000:.0f} ms, and may take {most:.0f}"
        return None
