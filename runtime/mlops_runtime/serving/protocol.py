"""What uvicorn lacks: an end for callers who do not get on with their request's head."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10.0
CONNECTIONS = 800  # below the 1,024 open files that a process usually may have


class TimedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Closes a connection whose next request's head is not complete within `HEAD_SECONDS`."""

    _waiting_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting_since is None and not self._is_answering():
            self._wait()
        super().data_received(data)
        if self._is_answering():
            self._waiting_since = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting_since = self.loop.time()
        self.loop.call_later(HEAD_SECONDS, self._close_if_waiting, self._waiting_since)

    def _close_if_waiting(self, since: float) -> None:
        if self._waiting_since == since and not self._is_answering() and not self.transport.is_closing():
            self.transport.close()
