"""From an application to a listening process: the socket, uvicorn, and an end that waits for nobody."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cupola.server.app import App

HEADER_S: Final = 10.0
"""Time in which a request's header must arrive."""
STALL_S: Final = 30.0
"""Time in which a client must take a piece of an answer (`security.PIECE_BYTES`)."""
MAX_HEADER_BYTES: Final = 4 << 20
"""Room for a tag of 1 MB, each of its bytes escaped as three."""


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with an end to headers that never end and to clients that never read."""

    _stalled: asyncio.TimerHandle | None = None
    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Starts the clock for the first header."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clocks."""
        self._stop_clock()
        self._move_on()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Starts the clock for a client that does not read."""
        super().pause_writing()
        self._move_on()
        self._stalled = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stops that clock."""
        self._move_on()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Counts the bytes of a header."""
        if self._deadline is not None:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self.send_400_response("The header is too long.")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Starts the clock for a further request of the connection."""
        super().on_message_begin()
        self._start_clock()

    def on_headers_complete(self) -> None:
        """Stops the clock; a target that names a host of its own is not for us."""
        self._stop_clock()
        if not self.url.startswith(b"/"):
            raise ValueError("the request's target is no path")  # the parser makes a 400 of it
        super().on_headers_complete()

    def _move_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _start_clock(self) -> None:
        self._stop_clock()
        self._deadline = self.loop.call_later(HEADER_S, self._give_up)

    def _stop_clock(self) -> None:
        self._header_bytes = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """uvicorn's server; the API is made once it answers, and streams end when it does."""

    def __init__(self, app: App) -> None:
        config = uvicorn.Config(
            app.asgi,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self._app = app
        self._tasks: list[asyncio.Task[Any]] = []
        # A bad request is the client's news, not ours; and a header may hold the token.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then lets the API load: a first request that waits already is answered before."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, lambda: self._tasks.append(loop.create_task(self._app.prepare())))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the streams, then the rest."""
        self._app.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        OSError: the address is taken, or not ours.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and host == "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    sock.set_inheritable(False)
    return sock
