"""Routes of texts: where they are, what they say, and which of them say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.http.answers import json_response
from cupola.http.requests import member
from cupola.http.routing import post
from cupola.http.series import matching, points_route, steps_route, with_points
from cupola.plugins.text.decode import decode
from cupola.provider import DataProvider


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/text`; docs/http_api.md lists them."""

    def search(body: Mapping[str, Any]) -> Response:
        words = member(body, "query", str).casefold()
        series = []
        for info, points in with_points(provider, matching(provider, "text", body)):
            keys = [key for key in points.key if _holds(provider, key, words)]
            series.append({"run": info.key.run, "key": keys})
        return json_response({"tag": body["tag"], "series": series})

    return [
        steps_route(provider, "text"),
        points_route(provider, describe),
        post("/search", search),
    ]


def describe(value: bytes) -> dict[str, Any]:
    """What an encoded `Summary.Value` says: strings of a tensor of some shape, row after row."""
    text = decode(value)
    return {"shape": text.shape, "strings": text.strings}


def _holds(provider: DataProvider, key: str, words: str) -> bool:
    """Whether a text holds the words, whatever their case; one that cannot be read does not."""
    try:
        return any(words in text.casefold() for text in decode(provider.read(key)).strings)
    except (DecodeError, UnknownBlob, Unreadable):
        return False
