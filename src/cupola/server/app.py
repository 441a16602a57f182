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
from cupola.http.answers import described, json_response
from cupola.http.requests import ApiError
from cupola.server import refusals
from cupola.server.page import Page
from cupola.server.security import Access, AccessMiddleware

if TYPE_CHECKING:
    from cupola.provider import DataProvider
    from cupola.server.routes import Api

log = logging.getLogger(__name__)


class App:
    """The ASGI application `asgi`.

    The page is answered at once. The API is made beside, and questions to it wait; then the plugins and
    NumPy, which take longer to load than all else, and which the catalog does without.

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
        self._access = access or Access(path_prefix=path_prefix)
        errors = (ApiError, NotFound, DecodeError, Unreadable, HTTPException, Exception)
        inner = Starlette(routes=routes, exception_handlers=dict.fromkeys(errors, self._answer_error))
        inner.router.redirect_slashes = False  # a redirect would repeat what the client says of the host
        self.asgi: ASGIApp = AccessMiddleware(inner, self._access)

    async def prepare(self) -> Api:
        """The API, made by the first call."""
        return self._api if self._api is not None else await run_in_threadpool(self._build)

    async def warm_up(self) -> None:
        """Loads what will be asked for next: the API, then the plugins and NumPy, while files are read."""
        api = await self.prepare()
        await run_in_threadpool(api.plugins.answering)

    def close(self) -> None:
        """Ends all streams."""
        if self._api is not None:
            self._api.live.close()

    def _build(self) -> Api:
        with self._building:
            if self._api is None:
                provider = self._open()  # its threads read while the rest is loaded
                from cupola.server.routes import Api

                self._api = Api(provider, self._window_title)
            return self._api

    async def _answer_api(self, scope: Scope, receive: Receive, send: Send) -> None:
        api = await self.prepare()
        await api.router(scope, receive, send)

    async def _answer_page(self, request: Request) -> Response:
        return self._page.answer(request, request.path_params["name"])

    def _answer_error(self, request: Request, error: Exception) -> Response:
        status, message = _describe(request, error)
        path = request.url.path
        if status == 404 and not self._access.is_api(path):
            return refusals.not_found(path, message, self._access.path_prefix, request.headers)
        return json_response({"error": message, **described(error)}, status)


def _describe(request: Request, error: Exception) -> tuple[int, str]:
    """HTTP status and message of an error."""
    if isinstance(error, ApiError):
        return error.status, str(error)
    if isinstance(error, HTTPException):
        what = f"{request.method} {request.url.path[:200]}: {error.detail}"
        return error.status_code, f"{what}; see docs/http_api.md for what can be asked"
    if isinstance(error, NotFound):
        return 404, str(error)
    if isinstance(error, DecodeError):
        return 422, f"the value in the file is damaged: {error}"
    if isinstance(error, Unreadable):
        return 410, f"the file behind this is gone or changed: {error}; ask for the catalog anew"
    log.error("%s %s failed", request.method, request.url.path[:200], exc_info=error)
    return 500, f"a fault in cupola: {type(error).__name__}; the server's log has more, please report it"
