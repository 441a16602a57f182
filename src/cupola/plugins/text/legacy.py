"""The route by index, until the page asks by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.http.answers import json_response
from cupola.http.requests import integer, series_key
from cupola.http.routing import get
from cupola.provider import DataProvider
from cupola.types import BlobColumns

MAX_POINTS: Final = 256
MAX_BYTES: Final = 4 << 20


def legacy_routes(provider: DataProvider, describe: Callable[[bytes], dict[str, Any]]) -> list[Route]:
    """`GET points?run&tag&start&count`."""

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
            answer.append(point(columns, index))
        following = start + len(answer)
        return json_response({"points": answer, "next": following if following < end else None})

    def point(columns: BlobColumns, index: int) -> dict[str, Any]:
        place = {
            "index": index,
            "step": int(columns.step[index]),
            "wall_time": float(columns.wall_time[index]),
        }
        try:
            return place | describe(provider.read(columns.key[index]))
        except (DecodeError, UnknownBlob, Unreadable) as error:
            return place | {"shape": [0], "strings": [], "damaged": str(error)}

    return [get("/points", points)]
