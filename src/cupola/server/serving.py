"""From an application to a listening process: the socket, uvicorn, and an end that waits for nobody."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from typing import Any, Final

import uvicorn

from cupola.server.app import App
from cupola.server.connection import Connection
from cupola.server.plain_http import PoliteContext

GRACE_S: Final = 0.5
"""Time that answers under way have when the server ends."""


TICK_S: Final = 1.0
"""Between two updates of the `Date` header, which is all that a quiet server does."""
TICKS: Final = 10
"""What uvicorn counts in such a time: its own loop wakes ten times a second to see whether it should end."""


class Server(uvicorn.Server):
    """uvicorn's server; the API is made once it answers, and streams end when it does.

    Args:
        app: what answers.
        certfile: PEM file with a certificate: answers by TLS then.
        keyfile: PEM file with its key, if that does not stand in `certfile` too.
    """

    _ending: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _should_exit = False

    def __init__(self, app: App, certfile: str | None = None, keyfile: str | None = None) -> None:
        config = uvicorn.Config(
            app.asgi,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_certfile=certfile,
            ssl_keyfile=keyfile,
            timeout_graceful_shutdown=GRACE_S,  # type: ignore[arg-type]  # seconds, whole or not
        )
        super().__init__(config)
        self._app = app
        self._tasks: list[asyncio.Task[Any]] = []
        # A bad request is the client's news, not ours; and a header may hold the token.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then lets the API load: a first request that waits already is answered before."""
        if self.config.ssl_certfile is not None:
            context = PoliteContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.config.ssl_certfile, self.config.ssl_keyfile)
            self.config.ssl = context
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, lambda: self._tasks.append(loop.create_task(self._app.warm_up())))

    @property
    def should_exit(self) -> bool:
        """Set to end the server, from any thread or a signal handler."""
        return self._should_exit

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._should_exit = value
        if value and self._loop is not None and self._ending is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        """uvicorn's, which polls for the end; this one is woken for it."""
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + TICKS) % 864_000
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ending.wait(), TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the streams, then the rest."""
        self._app.close()
        await super().shutdown(sockets)


def listen(host: str, port: int, reuse_port: bool = False) -> socket.socket:
    """A listening socket.

    Args:
        host: name or address; empty or `::` for all.
        port: 0 for any free one.
        reuse_port: shares the port with other sockets of this account that say so too.

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
        if reuse_port:
            if not hasattr(socket, "SO_REUSEPORT"):
                raise OSError("this system cannot share a port (--reuse_port)")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6 and host == "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    sock.set_inheritable(False)
    return sock
