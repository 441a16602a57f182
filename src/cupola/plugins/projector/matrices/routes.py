"""What the page asks of files that are dropped on it. Routes: docs/http_api.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError
from cupola.http.answers import columns_response, json_response
from cupola.http.bodies import read_body
from cupola.http.requests import ApiError, integer, integer_member, member, parameter
from cupola.http.routing import get, post
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.matrices.describe import column
from cupola.plugins.projector.matrices.opened import OpenedFile, OpenedFiles
from cupola.plugins.projector.matrices.uploads import MOST_BYTES, PIECE_BYTES, CannotTake, Uploads

BYTES: Final = "application/octet-stream"


class Files:
    """Dropped files of a server.

    Args:
        opened: where they are listed.
        entry: how an embedding of a run is described.
    """

    def __init__(self, opened: OpenedFiles, entry: Callable[[str, Embedding], dict[str, Any]]) -> None:
        self._opened = opened
        self._uploads = Uploads(opened)
        self._entry = entry

    def routes(self) -> list[Route]:
        """Below the plugin's path."""
        return [
            post("/files", self._begin),
            Route("/files/pieces", self._add, methods=["POST"]),
            post("/files/open", self._open),
            post("/files/close", self._close),
            get("/files/columns", self._columns),
        ]

    def _begin(self, body: Mapping[str, Any]) -> Response:
        name = PurePosixPath(member(body, "name", str).replace("\\", "/")).name[:200]
        if not name or not name.isprintable():
            raise ApiError("member `name` is no name of a file")
        size = integer_member(body, "size", -1, low=0, high=1 << 50)
        key = _taken(lambda: self._uploads.begin(name, size))
        return json_response({"id": key, "piece_bytes": PIECE_BYTES, "most_bytes": MOST_BYTES})

    async def _add(self, request: Request) -> Response:
        piece = await read_body(request, BYTES)
        key, offset = parameter(request, "id"), integer(request, "offset")
        if len(piece) > PIECE_BYTES:
            raise ApiError(f"a piece of {len(piece)} bytes; wanted at most {PIECE_BYTES}", 413)
        there = await run_in_threadpool(lambda: _taken(lambda: self._uploads.add(key, offset, piece)))
        return json_response({"received": there})

    def _open(self, body: Mapping[str, Any]) -> Response:
        key = member(body, "id", str)
        try:
            file = _taken(lambda: self._uploads.finish(key))
            contents = file.contents
            embeddings = file.embeddings()
        except DecodeError as error:
            raise ApiError(str(error), 422) from None
        return json_response(
            {
                "run": file.run,
                "embeddings": [self._entry(file.run, embedding) for embedding in embeddings],
                "columns": list(contents.columns),
                "rows": max((len(cells) for cells in contents.columns.values()), default=0),
                "is_table": bool(contents.inside) or not embeddings,
                "left_out": contents.left_out[:50],
            }
        )

    def _close(self, body: Mapping[str, Any]) -> Response:
        if "id" in body:
            self._uploads.cancel(member(body, "id", str))
            return json_response({"closed": True})
        return json_response({"closed": self._uploads.close(member(body, "run", str))})

    def _columns(self, request: Request) -> Response:
        """All columns of a dropped file, to be matched with the points that are shown."""
        run, rows = parameter(request, "run"), integer(request, "rows", 0)
        file = self._opened.find(run)
        if not isinstance(file, OpenedFile):
            raise ApiError(f"no file is open as {run[:80]!r}; drop it anew", 404)
        told = file.contents.columns
        if len(told) == 1 and rows:  # labels without a name in the first line
            ((name, cells),) = told.items()
            if isinstance(cells, list) and len(cells) == rows - 1:
                told = {"value": [name, *cells]}
        found = [column(name, cells) for name, cells in told.items()]
        return columns_response(
            {
                "columns": [
                    {"name": c.name, "numeric": c.numeric, "values": c.values, "codes": c.codes}
                    for c in found
                ]
            }
        )


def _taken(act: Callable[[], Any]) -> Any:
    """What `act` returns; what it cannot do as an answer."""
    try:
        return act()
    except CannotTake as error:
        raise ApiError(str(error), 507) from None
    except KeyError:
        raise ApiError("this file is not on its way any more; drop it anew", 404) from None
