"""Routes of the images room: where pictures are, what is known of them without decoding, and their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola import blobs
from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.http.answers import blob_response, columns_response, json_response
from cupola.http.requests import ApiError, integer, number, parameter, series_key
from cupola.http.routing import get, post
from cupola.http.series import matching
from cupola.plugins.images.decode import decode
from cupola.plugins.images.header import pixel_size
from cupola.provider import DataProvider
from cupola.types import BlobColumns

MAX_POINTS: Final = 64
"""Most points that one question may describe: each is read from its file."""


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/images`; docs/http_api.md lists them."""

    def steps(body: Mapping[str, Any]) -> Response:
        answer = []
        for info in matching(provider, "images", body):
            columns = provider.blobs(info.key)
            answer.append({"run": info.key.run, "step": columns.step, "wall_time": columns.wall_time})
        return columns_response({"tag": body["tag"], "series": answer})

    def points(request: Request) -> Response:
        columns = provider.blobs(series_key(request, "images"))
        start = integer(request, "start")
        count = integer(request, "count", 1, low=1, high=MAX_POINTS)
        return json_response(
            [_describe(provider, columns, i) for i in range(start, min(start + count, len(columns.step)))]
        )

    def image(request: Request) -> Response:
        columns = provider.blobs(series_key(request, "images"))
        index, sample = _locate(request, columns), integer(request, "sample", 0)
        samples = decode(provider.read(columns.key[index])).samples
        if sample >= len(samples):
            raise ApiError(f"sample {sample} of {len(samples)} at step {columns.step[index]}", 404)
        name = f"{parameter(request, 'tag')}-{columns.step[index]}-{sample}"
        return blob_response(samples[sample], "wall_time" in request.query_params, request=request, name=name)

    return [post("/steps", steps), get("/points", points), get("/image", image)]


def _describe(provider: DataProvider, columns: BlobColumns, index: int) -> dict[str, Any]:
    """What the page must know before it loads a picture; `damaged` in place of `samples` if there is none to
    load.
    """
    point: dict[str, Any] = {
        "index": index,
        "step": int(columns.step[index]),
        "wall_time": float(columns.wall_time[index]),
    }
    try:
        images = decode(provider.read(columns.key[index]))
    except (DecodeError, UnknownBlob, Unreadable) as error:
        return point | {"damaged": str(error)}
    samples = [
        {"media_type": blobs.media_type(data)[0], "bytes": len(data), "size": pixel_size(data)}
        for data in images.samples
    ]
    for sample in samples:  # of films the header says nothing: the writer is all there is to believe
        if str(sample["media_type"]).startswith("video/") and images.width > 0 and images.height > 0:
            sample["size"] = (images.width, images.height)
    return point | {"samples": samples}


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
