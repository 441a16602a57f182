"""Bodies: how many bytes of them may lie in memory while they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from cupola.http import bodies
from cupola.http.answers import json_response
from cupola.http.requests import ApiError
from cupola.http.routing import post


def app() -> Starlette:
    def refuse(_: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return json_response({"error": str(error)}, error.status)

    return Starlette(
        routes=[post("/", lambda body: json_response(len(body["x"])))], exception_handlers={ApiError: refuse}
    )


async def send(size: int, arriving: asyncio.Event | None = None, rest: asyncio.Event | None = None) -> int:
    """Sends a body of about `size` bytes, its last byte when `rest` is set; the answer's status."""

    async def content() -> AsyncIterator[bytes]:
        yield b'{"x":"' + b"x" * size
        if arriving and rest:
            arriving.set()
            await rest.wait()
        yield b'"}'

    transport = httpx.ASGITransport(app())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        headers = {"Content-Type": "application/json"}
        return (await client.post("/", content=content(), headers=headers)).status_code


def test_large_bodies_share_a_bound_and_small_ones_always_come_through(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "large_bodies", bodies.Budget(1_500_000))

    async def run() -> None:
        arriving, rest = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(send(1_000_000, arriving, rest))
        await arriving.wait()
        assert bodies.large_bodies.held > 1_000_000
        assert await send(1_000_000) == 503
        assert await send(bodies.SMALL_BODY_BYTES - 100) == 200
        assert await send(400_000) == 200
        rest.set()
        assert await first == 200
        assert await send(1_000_000) == 200
        assert await send(bodies.MAX_BODY_BYTES) == 413
        assert bodies.large_bodies.held == 0

    asyncio.run(run())


def test_a_client_that_goes_away_gives_its_bytes_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "large_bodies", bodies.Budget(1_500_000))

    async def run() -> None:
        arriving, rest = asyncio.Event(), asyncio.Event()
        gone = asyncio.create_task(send(1_000_000, arriving, rest))
        await arriving.wait()
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert bodies.large_bodies.held == 0

    asyncio.run(run())
