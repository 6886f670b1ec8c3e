"""The process of an API that serves, and passes connections to the one that follows it (`canary`)."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from mlops_runtime.serving import handover

#: A connection that says nothing for so long is not passed: it may be nobody's request.
HELD_SECONDS = 1.0
MESSAGE = 64  # bytes at most
STOP, STOPPED = b"stop", b"stopped"

Factory = Callable[[], asyncio.Protocol]
_running: set[asyncio.Task[Any]] = set()  # the loop itself holds them weakly


def begin(work: Coroutine[Any, Any, Any]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)


def _looks(begins: bytes) -> bool:
    """Whether it looks at the process itself, such as at its metrics, and asks for no prediction."""
    return begins[:4] == b"GET "[: len(begins)]


def tell(other: socket.socket, message: bytes) -> None:
    with suppress(OSError):  # it has gone, which is read next
        other.send(message)


async def answer(connection: socket.socket, factory: Factory) -> None:
    try:
        await asyncio.get_running_loop().connect_accepted_socket(factory, connection)
    except OSError:
        connection.close()  # the caller has gone


@dataclass(eq=False)
class _Taker:
    """A worker of the follower. What it was given, it has not begun to read yet."""

    channel: socket.socket
    given: dict[bytes, tuple[socket.socket, Factory]] = field(default_factory=dict)


class Passing:
    """In each worker of the process that serves."""

    def __init__(self) -> None:
        self._takers: deque[_Taker] = deque()
        self._share, self._due = 0.0, 0.0
        self._numbers = count()
        self._held: dict[socket.socket, tuple[Factory, asyncio.TimerHandle]] = {}

    def offer(self) -> None:
        """From now on a follower may ask for its share. In an API that follows nobody there is no place."""
        place = handover.own_place()
        if place is None:
            return
        waiting = handover.bound(place / f"passing-{os.getpid()}", socket.SOCK_SEQPACKET)
        waiting.setblocking(False)
        asyncio.get_running_loop().add_reader(waiting, self._meet, waiting)

    @property
    def is_on(self) -> bool:
        return len(self._takers) > 0

    def kept(self, begins: bytes) -> None:
        """What a connection begins with that was counted and kept."""
        if _looks(begins):
            self._due -= self._share

    def takes(self, transport: asyncio.Transport, factory: Factory) -> bool:
        """Whether it is a follower's, or may be: then the transport is let go, and nothing was read."""
        if not self.is_on:
            return False
        self._due += self._share
        if self._due < 1 - 1e-9:
            return False
        try:
            # The transport closes its own descriptor, which ends no connection that has another.
            connection = socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno()))
        except OSError:
            return False
        self._due -= 1
        transport.set_protocol(asyncio.Protocol())
        transport.abort()
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        late = loop.call_later(HELD_SECONDS, self._keep, connection)
        self._held[connection] = (factory, late)
        loop.add_reader(connection, self._pass, connection)
        return True

    def end(self) -> None:
        """This process accepts no more: what it holds it answers itself."""
        for connection in list(self._held):
            self._keep(connection)

    def _meet(self, waiting: socket.socket) -> None:
        try:
            met, _ = waiting.accept()
        except OSError:
            return
        met.setblocking(False)
        asyncio.get_running_loop().add_reader(met, self._hear, _Taker(met))

    def _hear(self, taker: _Taker) -> None:
        try:
            said = taker.channel.recv(MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self._lose(taker)
        elif said.startswith(b"share "):
            self._share, self._due = float(said.split()[1]), self._due if self.is_on else 0.0
            self._takers.append(taker)
        elif said == STOP:
            self._forget(taker)
            tell(taker.channel, STOPPED)
        elif said in taker.given:
            taker.given.pop(said)[0].close()

    def _forget(self, taker: _Taker) -> None:
        if taker in self._takers:
            self._takers.remove(taker)

    def _lose(self, taker: _Taker) -> None:
        asyncio.get_running_loop().remove_reader(taker.channel)
        taker.channel.close()
        self._forget(taker)
        for connection, factory in taker.given.values():
            begin(answer(connection, factory))

    def _release(self, connection: socket.socket) -> Factory:
        factory, late = self._held.pop(connection)
        late.cancel()
        asyncio.get_running_loop().remove_reader(connection)
        return factory

    def _keep(self, connection: socket.socket) -> None:
        """The follower gets another one in its place."""
        self._due += 1 - self._share
        begin(answer(connection, self._release(connection)))

    def _pass(self, connection: socket.socket) -> None:
        try:
            begins = connection.recv(4, socket.MSG_PEEK)
        except OSError:
            begins = b""
        if not self.is_on or _looks(begins):
            return self._keep(connection)
        factory = self._release(connection)
        self._takers.rotate()
        taker, number = self._takers[0], str(next(self._numbers)).encode()
        try:
            socket.send_fds(taker.channel, [number], [connection.fileno()])
        except OSError:
            begin(answer(connection, factory))
        else:
            taker.given[number] = (connection, factory)


passing = Passing()
