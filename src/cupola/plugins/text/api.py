"""Routes of the text room: where texts are, what they say, and which of them say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.http.answers import columns_response, json_response
from cupola.http.requests import integer, member, series_key
from cupola.http.routing import get, post
from cupola.http.series import matching
from cupola.plugins.text.decode import decode
from cupola.provider import DataProvider
from cupola.types import BlobColumns

MAX_POINTS: Final = 256
MAX_BYTES: Final = 4 << 20
"""An answer of texts ends at about this size; the page asks on from `next`."""


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/text`; docs/http_api.md lists them."""

    def steps(body: Mapping[str, Any]) -> Response:
        answer: list[dict[str, Any]] = []
        for info in matching(provider, "text", body):
            columns = provider.blobs(info.key)
            answer.append({"run": info.key.run, "step": columns.step, "wall_time": columns.wall_time})
        return columns_response({"tag": body["tag"], "series": answer})

    def points(request: Request) -> Response:
        columns = provider.blobs(series_key(request, "text"))
        start = integer(request, "start")
        end = min(start + integer(request, "count", 1, low=1, high=MAX_POINTS), len(columns.step))
        answer: list[dict[str, Any]] = []
        size = 0
        for index in range(start, end):
            size += int(columns.size[index])
            if answer and size > MAX_BYTES:
                break
            answer.append(_point(provider, columns, index))
        following = start + len(answer)
        return json_response({"points": answer, "next": following if following < end else None})

    def search(body: Mapping[str, Any]) -> Response:
        """Indices of the points that hold the words, whatever their case."""
        query = member(body, "query", str).casefold()
        found = {}
        for info in matching(provider, "text", body):
            columns = provider.blobs(info.key)
            found[info.key.run] = [
                index
                for index in range(len(columns.step))
                if any(query in text.casefold() for text in _point(provider, columns, index)["strings"])
            ]
        return json_response({"tag": body["tag"], "runs": found})

    return [post("/steps", steps), get("/points", points), post("/search", search)]


def _point(provider: DataProvider, columns: BlobColumns, index: int) -> dict[str, Any]:
    point: dict[str, Any] = {
        "index": index,
        "step": int(columns.step[index]),
        "wall_time": float(columns.wall_time[index]),
    }
    try:
        text = decode(provider.read(columns.key[index]))
    except (DecodeError, UnknownBlob, Unreadable) as error:
        return point | {"shape": [0], "strings": [], "damaged": str(error)}
    return point | {"shape": text.shape, "strings": text.strings}
