"""Everything under `/api`: the directory's own routes, and each plugin's under its name."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from cupola import __version__
from cupola.http.answers import json_bytes_response, json_response
from cupola.http.requests import number
from cupola.http.routing import get
from cupola.provider import DataProvider
from cupola.server.about import about
from cupola.server.catalog import Catalog
from cupola.server.live import Live
from cupola.server.plugin_routes import AllPluginRoutes
from cupola.server.views import Views


class Api:
    """The routes over a provider; `live.close()` ends the streams."""

    def __init__(self, provider: DataProvider, window_title: str | None) -> None:
        self.live = Live(provider)
        catalog = Catalog(provider)
        self.plugins = AllPluginRoutes(provider)
        info = {
            "version": __version__,
            "location": provider.location,
            "window_title": window_title,
        }

        def answer_info(_: Request) -> Response:
            return json_response({**info, "rooms": self.plugins.answering()})

        def answer_catalog(_: Request) -> Response:
            headers = {"Cache-Control": "no-store"}
            return Response(catalog.document(), media_type="application/json", headers=headers)

        def answer_runs(request: Request) -> Response:
            return json_bytes_response(catalog.grown(number(request, "since", 0.0)))

        def answer_progress(_: Request) -> Response:
            return json_response({"loading": provider.loading, **asdict(provider.progress())})

        self.router = Router(
            [
                get("/info", answer_info),
                get("/catalog", answer_catalog),
                get("/runs", answer_runs),
                get("/about", lambda _: json_response(about())),
                get("/progress", answer_progress),
                Route("/live", self.live.stream, methods=["GET"]),
                *Views(provider.location).routes(),
                *self.plugins.mounts(),
            ],
            redirect_slashes=False,
        )
