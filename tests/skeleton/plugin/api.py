"""Routes of the skeleton: where its clips are, how long they are, and their bytes."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cupola.http.routing import get
from cupola.http.series import points_route, sample_endpoint, steps_route
from cupola.plugins.skeleton.decode import decode
from cupola.provider import DataProvider


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/skeleton`."""
    return [
        steps_route(provider, "skeleton"),
        points_route(provider, describe),
        get("/clip", sample_endpoint(provider, "clip", lambda value: [decode(value)[1]])),
    ]


def describe(value: bytes) -> dict[str, Any]:
    """What the page must know of an encoded `Summary.Value` before it loads the clip."""
    frames, file = decode(value)
    return {"frames": frames, "bytes": len(file)}
