"""What uvicorn lacks: an end for callers who do not get on with a request's head; a way to pass them on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from mlops_runtime.serving.passing import passing

HEAD_SECONDS = 10.0
CONNECTIONS = 800  # below the 1,024 open files that a process usually may have


class TimedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Closes a connection whose next request's head is not complete within `HEAD_SECONDS`."""

    _waiting_since: float | None = None
    may_pass = True
    #: Of one that another process accepted: tells it that this one begins to read.
    begun: Callable[[], None] | None = None
    _is_counted = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        if self.may_pass and passing.takes(transport, self._again):
            return
        self._is_counted = self.may_pass and passing.is_on
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, error: Exception | None) -> None:
        self._tell()
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        self._tell()
        if self._is_counted:
            self._is_counted = False
            passing.kept(data)
        if self._waiting_since is None and not self._is_answering():
            self._wait()
        super().data_received(data)
        if self._is_answering():
            self._waiting_since = None

    def _again(self) -> TimedProtocol:
        """For the same connection, where nobody else answers it."""
        made = TimedProtocol(self.config, self.server_state, self.app_state, self.loop)
        made.may_pass = False
        return made

    def _tell(self) -> None:
        if self.begun is not None:
            self.begun()
            self.begun = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting_since = self.loop.time()
        self.loop.call_later(HEAD_SECONDS, self._close_if_waiting, self._waiting_since)

    def _close_if_waiting(self, since: float) -> None:
        if self._waiting_since == since and not self._is_answering() and not self.transport.is_closing():
            self.transport.close()
