"""cupola's whole server, in this process or listening on a port of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import anyio
import httpx

from cupola.provider import DataProvider
from cupola.server.app import App
from cupola.server.serving import Server, listen

LOCALHOST = "http://localhost:6006"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What browsers accept as the answer to an address."""


class Client:
    """Asks the application in this process, as a page on localhost would."""

    def __init__(self, app: App) -> None:
        self._app = app

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, json: Any) -> httpx.Response:
        return self.ask("POST", path, json=json)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app.asgi, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=LOCALHOST) as client:
                return await client.request(method, path, **options)

        return anyio.run(send)


def client(provider: DataProvider, **options: Any) -> Client:
    """A client of an application over `provider`; `options` are `App`'s."""
    return Client(App(provider, **options))


@contextlib.contextmanager
def listening(provider: DataProvider, **options: Any) -> Iterator[str]:
    """The address of a real server on a free port of loopback."""
    sock = listen("127.0.0.1", 0)
    server = Server(App(provider, **options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not end"
