"""uvicorn's connection with bounds: of the time that a header, a body and an unread answer may take.

uvicorn has none of these. What is overridden here are methods that its next release may rename, which would
take the protection away without a word; so a uvicorn without them is refused at import.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cupola.http.answers import encode_json
from cupola.server.security import HEADERS

HEADER_S: Final = 10.0
"""Time in which a request's header must arrive."""
BODY_S: Final = 30.0
"""Time in which its body must arrive, the largest (`cupola.http.bodies`) over a slow line too."""
STALL_S: Final = 30.0
"""Time in which a client must take a piece of an answer (`security.PIECE_BYTES`)."""
MAX_HEADER_BYTES: Final = 4 << 20
"""Room for a tag of 1 MB, each of its bytes escaped as three."""


class Clock:
    """A time limit on what is waited for, of which there is one at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether something is waited for."""
        return self._timer is not None

    def start(self, seconds: float, end: Callable[[], object]) -> None:
        """Calls `end` after that time, unless the clock is started anew or stopped before."""
        self.stop()
        self._timer = self._loop.call_later(seconds, end)

    def stop(self) -> None:
        """Nothing is waited for."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Connection(HttpToolsProtocol):
    """One client. A clock that runs out ends the connection."""

    _in_header = False
    _header_bytes = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._arrival = Clock(self.loop)
        self._reading = Clock(self.loop)
        self._unanswered: list[Any] = []

    def connection_made(self, transport: Any) -> None:
        """Starts the clock for the first header."""
        super().connection_made(transport)
        self._expect_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clocks, and every request of the connection: uvicorn stops the last one only."""
        self._arrival.stop()
        self._reading.stop()
        for request in self._unanswered:
            request.disconnected = True
            request.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)
        self.flow.read_paused = False  # else the next `receive` would resume a transport that is closed

    def pause_writing(self) -> None:
        """Starts the clock for a client that does not read."""
        super().pause_writing()
        self._reading.start(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stops that clock."""
        self._reading.stop()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Counts the bytes of a header."""
        if self._in_header:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self._refuse(f"the header is longer than {MAX_HEADER_BYTES} bytes; ask for shorter names")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Starts the clock for a further request of the connection."""
        super().on_message_begin()
        self._expect_header()

    def on_headers_complete(self) -> None:
        """Starts the clock for the body; a target that names a host of its own is not for us."""
        self._in_header = False
        self._arrival.start(BODY_S, self._give_up)
        if not self.url.startswith(b"/"):
            raise ValueError("the request's target is no path")  # the parser makes a 400 of it
        # uvicorn's parser of URLs ends at 64 KiB, and tags may be longer, so it gets the path alone.
        self.url, _, query = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query.partition(b"#")[0]
        self._unanswered = [request for request in self._unanswered if not request.response_complete]
        self._unanswered.append(self.cycle)

    def on_message_complete(self) -> None:
        """Stops the clock for the body."""
        self._arrival.stop()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answers what the parser cannot read."""
        self._refuse("this is no HTTP request; wanted HTTP/1.1 with a path below 64 KiB, `?` and a query")

    def _refuse(self, message: str) -> None:
        """Answers as the application would: JSON, under the security headers."""
        body = encode_json({"error": message})
        head = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Connection": "close",
            **HEADERS,
        }
        lines = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        self.transport.write("\r\n".join(lines).encode("ascii") + body)
        self.transport.close()

    def shutdown(self) -> None:
        """Ends the connection when the server ends: at once where the client is what it waits for."""
        if self._arrival.runs or self._reading.runs:
            self.transport.abort()
        super().shutdown()

    def _expect_header(self) -> None:
        self._in_header = True
        self._header_bytes = 0
        self._arrival.start(HEADER_S, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


_missing = [name for name in vars(Connection) if name[0] != "_" and not hasattr(HttpToolsProtocol, name)]
if _missing:
    raise ImportError(
        f"uvicorn {uvicorn.__version__} has no {', '.join(_missing)}, where cupola bounds what a client may "
        "take; wanted a release that has: pip install --upgrade cupola uvicorn"
    )
