"""The web application: who may ask, the page, the errors, and the API as soon as there is one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from cupola.errors import DecodeError, NotFound, Unreadable
from cupola.http.answers import json_response
from cupola.http.requests import ApiError
from cupola.server.page import Page
from cupola.server.security import Access, AccessMiddleware

if TYPE_CHECKING:
    from cupola.provider import DataProvider
    from cupola.server.routes import Api

log = logging.getLogger(__name__)


class App:
    """The ASGI application `asgi`.

    The page is answered at once. What the API is made of (NumPy, the plugins, the provider) takes longer to
    load than all else, so it is loaded beside, and questions to the API wait for it.

    Args:
        provider: where the data come from, or a function that opens it, called once and in a thread.
        window_title: what the browser's tab is called; None lets the page choose.
        path_prefix: `/some/path` under which everything answers, or empty.
        access: who may ask.
        page: the page's files.
    """

    def __init__(
        self,
        provider: DataProvider | Callable[[], DataProvider],
        *,
        window_title: str | None = None,
        path_prefix: str = "",
        access: Access | None = None,
        page: Page | None = None,
    ) -> None:
        self._open: Callable[[], DataProvider] = provider if callable(provider) else lambda: provider
        self._window_title = window_title
        self._page = page or Page()
        self._api: Api | None = None
        self._building = threading.Lock()
        routes: list[BaseRoute] = [
            Mount("/api", app=self._answer_api),
            Route("/{name:path}", self._answer_page, methods=["GET"]),
        ]
        if path_prefix:
            bare = Route(path_prefix, lambda _: RedirectResponse(f"{path_prefix}/"), methods=["GET"])
            routes = [bare, Mount(path_prefix, app=Router(routes, redirect_slashes=False))]
        errors = (ApiError, NotFound, DecodeError, Unreadable, HTTPException, Exception)
        inner = Starlette(routes=routes, exception_handlers=dict.fromkeys(errors, _answer_error))
        inner.router.redirect_slashes = False  # a redirect would repeat what the client says of the host
        self.asgi: ASGIApp = AccessMiddleware(inner, access or Access())

    async def prepare(self) -> Api:
        """The API, made by the first call."""
        return self._api if self._api is not None else await run_in_threadpool(self._build)

    def close(self) -> None:
        """Ends all streams."""
        if self._api is not None:
            self._api.live.close()

    def _build(self) -> Api:
        with self._building:
            if self._api is None:
                from cupola.server.routes import Api

                self._api = Api(self._open(), self._window_title)
            return self._api

    async def _answer_api(self, scope: Scope, receive: Receive, send: Send) -> None:
        api = await self.prepare()
        await api.router(scope, receive, send)

    async def _answer_page(self, request: Request) -> Response:
        return self._page.answer(request, request.path_params["name"])


def _answer_error(request: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        return json_response({"error": str(error)}, error.status)
    if isinstance(error, HTTPException):
        hint = "see docs/http_api.md for what can be asked"
        return json_response(
            {"error": f"{request.method} {request.url.path[:200]}: {error.detail}; {hint}"}, error.status_code
        )
    if isinstance(error, NotFound):
        return json_response({"error": str(error)}, 404)
    if isinstance(error, DecodeError):
        return json_response({"error": f"the value in the file is damaged: {error}"}, 422)
    if isinstance(error, Unreadable):
        return json_response(
            {"error": f"the file behind this is gone or changed: {error}; ask for the catalog anew"}, 410
        )
    log.error("%s %s failed", request.method, request.url.path[:200], exc_info=error)
    return json_response(
        {"error": f"a fault in cupola: {type(error).__name__}; the server's log has more, please report it"},
        500,
    )
