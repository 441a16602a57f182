"""JSON bodies, read within bounds: of one body, and of all that arrive at once.

How long a body may take is the connection's matter (`cupola.server.serving`).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from cupola.http.requests import ApiError

MAX_BODY_BYTES: Final = 4 << 20
"""Largest JSON body that is read: room for the names of 50 000 runs."""
SMALL_BODY_BYTES: Final = 64 << 10
"""A body up to this size is always read: an ordinary page is answered whoever else sends large bodies."""
MAX_BODIES_BYTES: Final = 32 << 20
"""What larger bodies may hold together while they arrive."""


class Budget:
    """Bytes that may be held at one time. It belongs to the server's event loop and needs no lock."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    @contextlib.contextmanager
    def reserve(self) -> Iterator[Callable[[int], bool]]:
        """Gives a function that sets how many bytes this holder holds, until the context ends; it returns
        False, and changes nothing, where that would exceed the limit.
        """
        mine = 0

        def hold(count: int) -> bool:
            nonlocal mine
            if self.held - mine + count > self.limit:
                return False
            self.held += count - mine
            mine = count
            return True

        try:
            yield hold
        finally:
            self.held -= mine


large_bodies: Final = Budget(MAX_BODIES_BYTES)


async def read_body(request: Request, kind: str = "application/json") -> bytes:
    """The bytes of a body that is declared as `kind`, which is none that a form may have.

    Raises:
        ApiError: it is not declared so, which no form of a foreign page can do (415); it is too long
            (413); other large bodies fill the room there is (503); the client went away (408, which nobody
            reads).
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != kind:
        what = "JSON" if kind == "application/json" else kind
        raise ApiError(f"the body is not declared as {what}; send it with `Content-Type: {kind}`", 415)
    body = bytearray()
    with large_bodies.reserve() as hold, _ending_with_the_client():
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise ApiError(
                    f"the body is longer than {MAX_BODY_BYTES} bytes; ask for fewer names at once", 413
                )
            if len(body) > SMALL_BODY_BYTES and not hold(len(body)):
                raise ApiError(
                    f"large bodies of other requests hold {large_bodies.held} bytes already; ask again "
                    f"later, or with a body of at most {SMALL_BODY_BYTES} bytes",
                    503,
                )
    return bytes(body)


@contextlib.contextmanager
def _ending_with_the_client() -> Iterator[None]:
    try:
        yield
    except ClientDisconnect:
        raise ApiError("the client went away before its body had come", 408) from None


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body is.

    Raises:
        ApiError: it is none.
    """
    try:
        document = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ApiError(f"the body is a JSON {type(document).__name__}; wanted an object")
    return document


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")
