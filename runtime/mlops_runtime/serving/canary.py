"""A canary: the next process of an API is tried on a share of the connections before it takes over.

The process that serves accepts, and passes every k-th connection to its follower before it reads a byte of
it, by file descriptor over a Unix socket. So the share is exact, each connection is answered by one release,
and a follower that dies costs nothing that it had not begun to read: until the follower says that it reads,
the one that serves keeps the connection, too, and answers it itself where that one has gone.

The follower judges itself by its own answers, as a version on trial does. A place (`handover`) then has, too:

    passing-PID     where a worker that serves hears of followers
    withdrawn       why a follower is not to take over
    tried-PID       what a worker has answered on trial; `tried` when all have ended it, in words
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from mlops_runtime import contracts
from mlops_runtime.serving import handover
from mlops_runtime.serving.passing import MESSAGE, STOP, answer, begin, tell
from mlops_runtime.serving.trial import FEWEST, Trial

TRIED = "MLOPS_ROLLING_TRIED"  # the supervisor's: whether a follower is tried before it takes over
LEAVING_SECONDS = 11.0  # as `drain.FOLLOWED_SECONDS`
_LOOK_SECONDS = 0.02
_TICK_SECONDS = 1.0


class Taking:
    """In each worker of a follower: answers connections that workers before it have accepted."""

    def __init__(self, share: float, server: uvicorn.Server) -> None:
        self._share, self._server = share, server
        self._asked: dict[str, socket.socket] = {}  # by the name of the worker's socket
        self._passing: set[socket.socket] = set()

    def ask(self, before: Path) -> bool:
        """Asks each worker that serves for a share; new ones, too. Returns whether there is any."""
        for found in before.glob("passing-*"):
            if found.name in self._asked:
                continue
            try:
                asked = handover.connected(found, socket.SOCK_SEQPACKET)
                asked.send(f"share {self._share}".encode())
            except OSError:
                continue  # it has gone
            asked.setblocking(False)
            self._asked[found.name] = asked
            self._passing.add(asked)
            asyncio.get_running_loop().add_reader(asked, self._take, asked)
        return len(self._passing) > 0

    def stop(self) -> None:
        for each in self._passing:
            tell(each, STOP)

    @property
    def is_open(self) -> bool:
        """Whether connections may still come, or are being answered."""
        return len(self._passing) > 0 or len(self._server.server_state.connections) > 0

    def _take(self, asked: socket.socket) -> None:
        try:
            number, found, _, _ = socket.recv_fds(asked, MESSAGE, 1)
        except BlockingIOError:
            return
        except OSError:
            number, found = b"", []
        if not found:
            asyncio.get_running_loop().remove_reader(asked)
            self._passing.discard(asked)
            return  # kept open: what was not begun to read here goes back when this process has ended

        def protocol() -> asyncio.Protocol:
            config, state = self._server.config, self._server.server_state
            made: Any = config.http_protocol_class(
                config=config,
                server_state=state,
                app_state=self._server.lifespan.state,  # type: ignore[call-arg]
            )
            made.may_pass, made.begun = False, partial(tell, asked, number)
            return made  # type: ignore[no-any-return]

        connection = socket.socket(fileno=found[0])
        connection.setblocking(False)
        begin(answer(connection, protocol))


class Canary:
    """In each worker of a follower on trial."""

    def __init__(self, rollout: contracts.Rollout, workers: int, server: uvicorn.Server) -> None:
        self.trial = Trial(rollout)
        self._seconds, self._workers, self._server = rollout.seconds, workers, server
        self._taking = Taking(rollout.share, server)
        self._begun_at: float | None = None
        self._has_stopped = False

    def has_passed(self, place: Path, before: Path, serves: bool) -> bool:
        """Whether the trial is over, and nothing speaks against it. Asked again and again, to go on."""
        if self._withdraws(place):
            return False
        if not serves:
            return self._conclude(place, "the process before it had ended, so that it was not tried")
        if not (place / "ready").exists():
            return False  # another worker is not
        can = self._has_stopped or self._taking.ask(before)
        if self._begun_at is None:
            if not can:
                return self._conclude(
                    place, "the process before it passes no connections, so that it was not tried"
                )
            self._begun_at = time.monotonic()
            begin(self._tick())
        if time.monotonic() < self._begun_at + self._seconds:
            return False
        return self._conclude(place, None)

    async def leave(self) -> None:
        """Takes no more, and answers what it has taken."""
        self._stop()
        last = time.monotonic() + LEAVING_SECONDS
        while self._taking.is_open and time.monotonic() < last:
            await asyncio.sleep(_LOOK_SECONDS)

    def _stop(self) -> None:
        if not self._has_stopped:
            self._has_stopped = True
            self._taking.stop()

    def _withdraws(self, place: Path) -> bool:
        """One worker's verdict is that of all."""
        if self.trial.aborted is not None:
            _write(place / "withdrawn", self.trial.aborted)
        if not (place / "withdrawn").exists():
            return False
        self._stop()
        return True

    def _conclude(self, place: Path, untried: str | None) -> bool:
        own, answered, failed = self.trial, self.trial.answers, self.trial.failures
        _write(place / f"tried-{os.getpid()}", f"{answered} {failed} {int(own.has_judged)}")
        done = [each.read_text().split() for each in place.glob("tried-*")]
        if len(done) >= self._workers and not (place / "tried").exists():
            answered, failed, judged = (sum(int(each[at]) for each in done) for at in range(3))
            few = "" if judged == len(done) else f"; to judge itself, a worker needs {FEWEST}"
            _write(place / "tried", untried or f"{answered} requests answered, {failed} of which failed{few}")
        return True

    async def _tick(self) -> None:
        """What uvicorn does once it accepts: the date of answers."""
        while not self._server.started:
            await self._server.on_tick(0)
            await asyncio.sleep(_TICK_SECONDS)


def _write(path: Path, text: str) -> None:
    """Whole: who waits for the file reads it at once."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    made.write_text(text)
    made.rename(path)


def of(rollout: contracts.Rollout | None, workers: int, server: uvicorn.Server | None) -> Canary | None:
    """The canary of this worker, where the supervisor wants one."""
    if rollout is None or server is None or TRIED not in os.environ or handover.FOLLOWS not in os.environ:
        return None
    return Canary(rollout, workers, server)
