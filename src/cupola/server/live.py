"""The stream of changes: server-sent events, pushed within the poll that found them.

Nothing is queued for a client: it has a cursor, and what changed since is asked for when it can take more. So
a client that stops reading costs one cursor and gets everything when it goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cupola.http.answers import encode_json
from cupola.http.requests import integer
from cupola.provider import DataProvider
from cupola.types import Changes

PAUSE_S: Final = 0.05
"""Between two messages to a client: at most 20 a second."""
KEEP_AWAKE_S: Final = 15.0
HELLO: Final = b"event: hello\ndata:{}\n\n"
"""Said at once, to who asks for it: who does not hear it is behind a proxy that holds the stream back."""
MAX_TAGS: Final = 2000
"""Tags named in one message; of more it says that everything may have changed."""


class Live:
    """All open streams. Every method but `_wake` belongs to the server's event loop."""

    def __init__(self, provider: DataProvider) -> None:
        self._provider = provider
        self._clients: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = False
        self._closed = False
        self._unsubscribe: Callable[[], None] | None = None
        self._latest: tuple[int, int, bytes] | None = None

    async def stream(self, request: Request) -> Response:
        """`GET /api/live?cursor=n`; `Last-Event-ID` counts where there is no cursor.

        With `hello=1` it says hello at once. With `once=1` it ends with its first news: a proxy that holds it
        back passes it on then.
        """
        last = request.headers.get("last-event-id", "0")
        cursor = integer(
            request, "cursor", int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0
        )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        hello, once = (bool(integer(request, name, 0, high=1)) for name in ("hello", "once"))
        events = self._events(cursor, HELLO if hello else b"", once)
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        self._wake_clients()

    async def _events(self, cursor: int, hello: bytes, once: bool) -> AsyncIterator[bytes]:
        news = asyncio.Event()
        self._enter(news)
        try:
            yield b": cupola\n\n" + hello
            while not self._closed:
                news.clear()
                cursor, message = self._message(cursor)
                if message:
                    yield message
                    if once:
                        return
                    await asyncio.sleep(PAUSE_S)
                    continue
                try:
                    await asyncio.wait_for(news.wait(), KEEP_AWAKE_S)
                except asyncio.TimeoutError:
                    yield b": still here\n\n"
                    if once:
                        return
        finally:
            self._leave(news)

    def _message(self, cursor: int) -> tuple[int, bytes]:
        """(new cursor, event) for a client at `cursor`; the event is empty if nothing is new. Clients at one
        cursor share it.
        """
        changes = self._provider.changes(cursor)
        if changes.cursor == cursor:
            return cursor, b""
        if self._latest is None or self._latest[:2] != (cursor, changes.cursor):
            self._latest = cursor, changes.cursor, encode_event(changes)
        return changes.cursor, self._latest[2]

    def _enter(self, news: asyncio.Event) -> None:
        if self._unsubscribe is None:
            self._loop = asyncio.get_running_loop()
            self._unsubscribe = self._provider.subscribe(self._wake)
        self._clients.add(news)

    def _leave(self, news: asyncio.Event) -> None:
        self._clients.discard(news)
        if not self._clients and self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _wake(self) -> None:
        """Called by the provider's threads."""
        if not self._woken and self._loop is not None and not self._loop.is_closed():
            self._woken = True
            self._loop.call_soon_threadsafe(self._wake_clients)

    def _wake_clients(self) -> None:
        self._woken = False
        for client in self._clients:
            client.set()


def encode_event(changes: Changes) -> bytes:
    """One `change` event."""
    tags: dict[str, set[str]] = {}
    for key in changes.series:
        tags.setdefault(key.plugin, set()).add(key.tag)
    few = sum(len(names) for names in tags.values()) <= MAX_TAGS
    data = {
        "cursor": changes.cursor,
        "catalog": changes.structure,
        "series": {plugin: sorted(names) for plugin, names in sorted(tags.items())} if few else None,
    }
    return b"event: change\nid: %d\ndata: %b\n\n" % (changes.cursor, encode_json(data))
