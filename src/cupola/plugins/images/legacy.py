"""The routes by index and wall time, until the page asks by key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.http.answers import blob_response, json_response
from cupola.http.requests import ApiError, integer, number, parameter, series_key
from cupola.http.routing import get
from cupola.plugins.images.decode import decode
from cupola.provider import DataProvider
from cupola.types import BlobColumns

MAX_POINTS: Final = 64


def legacy_routes(
    provider: DataProvider, describe: Callable[[bytes], dict[str, Any]], by_key: Callable[[Request], Response]
) -> list[Route]:
    """`GET points?run&tag&start&count`, `GET image?run&tag&index&wall_time&sample`."""

    def points(request: Request) -> Response:
        columns = provider.blobs(series_key(request, "images"))
        start = integer(request, "start")
        count = integer(request, "count", 1, low=1, high=MAX_POINTS)
        return json_response([point(columns, i) for i in range(start, min(start + count, len(columns.step)))])

    def point(columns: BlobColumns, index: int) -> dict[str, Any]:
        place = {
            "index": index,
            "step": int(columns.step[index]),
            "wall_time": float(columns.wall_time[index]),
        }
        try:
            return place | describe(provider.read(columns.key[index]))
        except (DecodeError, UnknownBlob, Unreadable) as error:
            return place | {"damaged": str(error)}

    def image(request: Request) -> Response:
        if "key" in request.query_params:
            return by_key(request)
        columns = provider.blobs(series_key(request, "images"))
        index, sample = _locate(request, columns), integer(request, "sample", 0)
        samples = decode(provider.read(columns.key[index])).samples
        if sample >= len(samples):
            raise ApiError(f"sample {sample} of {len(samples)} at step {columns.step[index]}", 404)
        name = f"{parameter(request, 'tag')}-{columns.step[index]}-{sample}"
        fixed = "wall_time" in request.query_params
        return blob_response(samples[sample], request=request, immutable=fixed, name=name)

    return [get("/points", points), get("/image", image)]


def _locate(request: Request, columns: BlobColumns) -> int:
    """The point that `index` and `wall_time` name together. Points move when a run restarts, so the time
    decides and the index is a hint.
    """
    count = len(columns.step)
    index = integer(request, "index", -1, low=-1, high=2**31)
    if "wall_time" not in request.query_params:
        if index >= count:
            raise ApiError(f"index {index} of {count} points", 404)
        return index % count
    wall_time = number(request, "wall_time")
    if index < count and columns.wall_time[index] == wall_time:
        return index % count
    same = (columns.wall_time == wall_time).nonzero()[0]
    if not len(same):
        raise ApiError(f"no point at wall time {wall_time!r} any more; ask for the steps anew", 410)
    return int(same[abs(same - index).argmin()])
