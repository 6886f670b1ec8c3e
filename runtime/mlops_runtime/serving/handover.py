"""One process of an API follows another on the same listening socket, so that no caller is refused.

The process that serves gives its listening socket to the one that is to follow, which gets ready before it
accepts anything. Both hold the same socket, and with it the same queue: whoever connects meanwhile is
accepted by one of the two. The follower accepts once no worker of the other does, also where that one was
killed: who accepts holds a lock, which ends with its process.

The supervisor says where processes of an API meet, and which one to follow. Without that, as in a container,
nothing here does anything. A process has a place there, named by its number and start time:

    socket          where it gives its listening socket away
    awaited         locked by its follower
    accepting-PID   locked by each worker that accepts
    unready         why it is not ready, while it follows
    ready-PID       a worker that is ready to follow; `ready` when all are
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import uvicorn
from uvicorn.supervisors import Multiprocess

FOLDER = "MLOPS_ROLLING_FOLDER"  # the supervisor's: where the processes of this API have their places
FOLLOWS = "MLOPS_ROLLING_FOLLOWS"  # the supervisor's: the name of the place of the process that serves
_PLACE = "MLOPS_ROLLING_PLACE"  # how the main process tells its workers of its place
_LOOK_SECONDS = 0.02

_held: list[int] = []  # locks that end with this process
_accepting: list[int] = []
_given: list[socket.socket] = []


class Tried(Protocol):
    """What a follower does before its turn, where it is tried first (`canary`)."""

    def has_passed(self, place: Path, before: Path, serves: bool) -> bool: ...

    async def leave(self) -> None: ...


def run(config: uvicorn.Config) -> None:
    """Serves until SIGTERM, on the socket of the process before where there is one."""
    listener = _listener(config.bind_socket)
    if config.workers > 1:
        Multiprocess(config, [listener]).run()
    else:
        uvicorn.Server(config).run([listener])


async def turn(
    unready: Callable[[], str | None],
    workers: int,
    is_over: Callable[[], bool],
    canary: Tried | None = None,
) -> None:
    """In each worker: returns when it is to accept. A follower first gets ready, and may be tried."""
    stated = os.environ.get(_PLACE)
    if stated is None:
        return
    place, before = Path(stated), os.environ.get(FOLLOWS)

    async def until(holds: Callable[[], bool]) -> None:
        while not holds():
            if is_over():
                if canary is not None:
                    await canary.leave()
                raise RuntimeError("it was ended before its turn came")
            await asyncio.sleep(_LOOK_SECONDS)

    if before is not None:
        await until(_readiness(place, unready))
        (place / f"ready-{os.getpid()}").touch()
        if len(list(place.glob("ready-*"))) >= workers:
            (place / "ready").touch()
        serving = place.parent / before
        if canary is not None:
            await until(lambda: canary.has_passed(place, serving, _accepts(serving)))
        await until(lambda: not _accepts(serving))
    _accepting.append(_hold(place / f"accepting-{os.getpid()}"))


def _readiness(place: Path, unready: Callable[[], str | None]) -> Callable[[], bool]:
    said: str | None = None

    def is_ready() -> bool:
        nonlocal said
        reason = unready()
        if reason is not None and reason != said:
            (place / "unready").write_text(reason)
        said = reason
        return reason is None

    return is_ready


def own_place() -> Path | None:
    stated = os.environ.get(_PLACE)
    return None if stated is None else Path(stated)


def is_followed() -> bool:
    """Whether a process waits for this one to stop accepting."""
    stated = os.environ.get(_PLACE)
    return stated is not None and _is_held(Path(stated) / "awaited")


async def leave(server: uvicorn.Server) -> None:
    """In each worker: accepts no more. What it has accepted is still answered."""
    while not server.started:
        await asyncio.sleep(_LOOK_SECONDS)
    for each in server.servers:
        each.close()
    while _accepting:
        os.close(_accepting.pop())


def keep() -> None:
    """Nobody follows: who connects when the API has stopped accepting is refused, and does not wait."""
    while _given:
        _given.pop().close()


def _listener(bind: Callable[[], socket.socket]) -> socket.socket:
    stated = os.environ.get(FOLDER)
    if stated is None:
        return bind()
    folder = Path(stated)
    before = os.environ.get(FOLLOWS)
    _forget_the_dead(folder, before)
    place = folder / _identity("self")
    place.mkdir(parents=True, mode=0o700)
    os.environ[_PLACE] = str(place)
    found = _ask(folder / before) if before is not None else None
    if before is not None and found is None:
        _wait_for_workers(folder / before)  # it has died meanwhile
    found = found or bind()
    # `socket.dup` would have both wait in `accept`, and with it a worker where another one was faster.
    _given.append(socket.socket(fileno=os.dup(found.fileno())))
    waiting = bound(place / "socket", socket.SOCK_STREAM)
    threading.Thread(target=_give, args=[waiting, _given[0]], daemon=True).start()
    return found


def _identity(pid: str) -> str:
    """Number and start time: a number alone may be another process's by now. As the supervisor has it."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return f"{text.split(' ', 1)[0]}-{text.rsplit(')', 1)[1].split()[19]}"


def _is_alive(identity: str) -> bool:
    try:
        return _identity(identity.split("-")[0]) == identity
    except OSError:
        return False


def _accepts(place: Path) -> bool:
    return any(map(_is_held, place.glob("accepting-*")))


def _wait_for_workers(place: Path) -> None:
    """Workers hold the port of a process that was killed until the supervisor has ended them, too."""
    while _accepts(place):
        time.sleep(_LOOK_SECONDS)


def _forget_the_dead(folder: Path, before: str | None) -> None:
    """The one before may be dead, and workers of it accept."""
    for place in folder.glob("*"):
        if place.name != before and not _is_alive(place.name):
            shutil.rmtree(place, ignore_errors=True)


def bound(path: Path, kind: socket.SocketKind) -> socket.socket:
    waiting = socket.socket(socket.AF_UNIX, kind)
    with _short(path) as name:
        waiting.bind(name)
    waiting.listen()
    return waiting


def connected(path: Path, kind: socket.SocketKind) -> socket.socket:
    asked = socket.socket(socket.AF_UNIX, kind)
    try:
        with _short(path) as name:
            asked.connect(name)
    except OSError:
        asked.close()
        raise
    return asked


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A socket's own path has room for 107 bytes."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _give(waiting: socket.socket, given: socket.socket) -> None:
    while True:
        follower, _ = waiting.accept()
        with follower:
            try:
                socket.send_fds(follower, [b"listener"], [given.fileno()])
            except (OSError, ValueError):
                continue  # it has gone, or we have let go: it sees that nothing comes


def _ask(place: Path) -> socket.socket | None:
    """The listening socket of the process at that place, which from now on knows that it is followed."""
    try:
        _held.append(_hold(place / "awaited"))
        with connected(place / "socket", socket.SOCK_STREAM) as asked:
            _, found, _, _ = socket.recv_fds(asked, 16, 1)
    except OSError:
        return None
    return socket.socket(fileno=found[0]) if found else None


def _hold(path: Path) -> int:
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def _is_held(path: Path) -> bool:
    """Those who look do not exclude each other."""
    try:
        looked = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(looked, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(looked)
