"""Routes of images: where they are, what is known of them without decoding, and their bytes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cupola.http.answers import attachment
from cupola.http.requests import choice, parameter, series_key
from cupola.http.routing import get
from cupola.http.series import points_route, sample_endpoint, steps_route
from cupola.media import damage, media_type, pixel_size
from cupola.plugins.images.archive import archive
from cupola.plugins.images.decode import Images, decode
from cupola.plugins.images.thumbnails import SIZES, Thumbnails
from cupola.provider import DataProvider


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/images`; docs/http_api.md lists them."""
    thumbnails = Thumbnails()

    def small(request: Request, key: str, sample: int, data: bytes) -> bytes:
        longest = choice(parameter(request, "longest"), "longest", [str(size) for size in SIZES])
        return thumbnails.get(key, sample, data, int(longest))

    def all_of(request: Request) -> Response:
        key = series_key(request, "images")
        headers = {"Cache-Control": "no-store", "Content-Disposition": attachment(key, ".zip")}
        return StreamingResponse(archive(provider, key), media_type="application/zip", headers=headers)

    return [
        steps_route(provider, "images"),
        points_route(provider, describe),
        get("/image", sample_endpoint(provider, "image", _samples)),
        get("/thumbnail", sample_endpoint(provider, "thumbnail", _samples, small)),
        get("/archive", all_of),
    ]


def describe(value: bytes) -> dict[str, Any]:
    """What the page must know of an encoded `Summary.Value` before it loads an image."""
    images = decode(value)
    return {"samples": [_sample(data, images) for data in images.samples]}


def _samples(value: bytes) -> tuple[bytes, ...]:
    return decode(value).samples


def _sample(data: bytes, images: Images) -> dict[str, Any]:
    kind, size, reason = media_type(data)[0], pixel_size(data), damage(data)
    # Of a video no header is read: the writer is all there is to believe.
    if kind.startswith("video/") and images.width > 0 and images.height > 0:
        size = images.width, images.height
    sample = {"media_type": kind, "bytes": len(data), "size": size}
    return sample if reason is None else {**sample, "damaged": reason}
