"""Asks one room's routes as the page does, without a server around them."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from cupola.errors import DecodeError, UnknownBlob, UnknownSeries, Unreadable
from cupola.http.requests import ApiError
from cupola.provider import DataProvider


class RoomClient:
    """`get` and `post` as httpx has them, over a room's own routes; errors become the statuses that the
    server gives them.
    """

    def __init__(self, api: ModuleType, provider: DataProvider) -> None:
        statuses: dict[type[Exception], int] = {
            UnknownSeries: 404,
            UnknownBlob: 404,
            DecodeError: 422,
            Unreadable: 410,
        }

        def refuse(request: Request, error: Exception) -> Response:
            status = error.status if isinstance(error, ApiError) else statuses[type(error)]
            return Response(str(error), status)

        handlers = dict.fromkeys((ApiError, *statuses), refuse)
        self._app = Starlette(routes=api.routes(provider), exception_handlers=handlers)

    def get(self, path: str, params: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
        return self._ask("GET", path, params=params, headers=headers)

    def post(self, path: str, json: Any) -> httpx.Response:
        return self._ask("POST", path, json=json)

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
                return await web.request(method, path, **options)

        return asyncio.run(ask())
