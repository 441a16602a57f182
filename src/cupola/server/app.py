"""The web application: the whole directory's routes, each room's, and the page. It knows no room by name."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from cupola import __version__
from cupola.errors import DecodeError, UnknownSeries
from cupola.plugins import plugins, room_module
from cupola.plugins.answers import ApiError, get, json_response
from cupola.provider import DataProvider
from cupola.server.catalog import Catalog
from cupola.server.live import Live
from cupola.server.page import Page
from cupola.server.security import Access, Gate

log = logging.getLogger(__name__)


class App:
    """The ASGI application; `live.close()` ends its streams.

    Args:
        provider: where the data come from.
        window_title: what the browser's tab is called; None lets the page choose.
        path_prefix: `/some/path` under which everything answers, or empty.
        access: who may ask.
        page: the page's files.
    """

    def __init__(
        self,
        provider: DataProvider,
        *,
        window_title: str | None = None,
        path_prefix: str = "",
        access: Access | None = None,
        page: Page | None = None,
    ) -> None:
        self.live = Live(provider)
        self._page = page or Page()
        catalog = Catalog(provider)
        rooms = _rooms(provider)
        info = {
            "version": __version__,
            "location": provider.location,
            "window_title": window_title,
            "rooms": list(rooms),
        }

        def answer_catalog(_: Request) -> Response:
            return Response(
                catalog.document(), media_type="application/json", headers={"Cache-Control": "no-store"}
            )

        api: list[BaseRoute] = [
            get("/info", lambda _: json_response(info)),
            get("/catalog", answer_catalog),
            Route("/live", self.live.stream, methods=["GET"]),
            *(_below(f"/{name}", routes) for name, routes in rooms.items()),
        ]
        routes: list[BaseRoute] = [
            _below("/api", api),
            Route("/{name:path}", self._answer_page, methods=["GET"]),
        ]
        if path_prefix:
            bare = Route(path_prefix, lambda _: RedirectResponse(f"{path_prefix}/"), methods=["GET"])
            routes = [bare, _below(path_prefix, routes)]
        inner = Starlette(
            routes=routes,
            exception_handlers={
                ApiError: _answer_error,
                UnknownSeries: _answer_error,
                DecodeError: _answer_error,
                OSError: _answer_error,
                HTTPException: _answer_error,
                Exception: _answer_error,
            },
        )
        inner.router.redirect_slashes = False  # a redirect would repeat what the client says of the host
        self.asgi: ASGIApp = Gate(inner, access or Access())

    async def _answer_page(self, request: Request) -> Response:
        return self._page.answer(request, request.path_params["name"])


def _below(path: str, routes: Sequence[BaseRoute]) -> Mount:
    return Mount(path, app=Router(routes, redirect_slashes=False))


def _rooms(provider: DataProvider) -> dict[str, list[Route]]:
    """Each room's routes. A room whose module cannot be loaded is left out, loudly; the others answer."""
    found = {}
    for name in plugins():
        try:
            module = room_module(name, "api")
            if module is not None:
                found[name] = list(module.routes(provider))
        except Exception:
            log.exception("the room %s answers nothing: its api module failed", name)
    return found


def _answer_error(request: Request, error: Exception) -> Response:
    if isinstance(error, ApiError):
        return json_response({"error": str(error)}, error.status)
    if isinstance(error, HTTPException):
        hint = "see docs/http_api.md for what can be asked"
        return json_response(
            {"error": f"{request.method} {request.url.path[:200]}: {error.detail}; {hint}"}, error.status_code
        )
    if isinstance(error, UnknownSeries):
        return json_response({"error": str(error)}, 404)
    if isinstance(error, DecodeError):
        return json_response({"error": f"the value in the file is damaged: {error}"}, 422)
    if isinstance(error, OSError):
        return json_response(
            {"error": f"the file behind this is gone or changed: {error}; ask for the catalog anew"}, 410
        )
    log.error("%s %s failed", request.method, request.url.path[:200], exc_info=error)
    return json_response(
        {"error": f"a fault in cupola: {type(error).__name__}; the server's log has more, please report it"},
        500,
    )
