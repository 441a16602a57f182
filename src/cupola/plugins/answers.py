"""What every room's `api` is written with: routes, what a request asks, what is answered.

    from cupola.plugins.answers import blob_response, columns_response, get, post, series_key

    def routes(provider: DataProvider) -> list[Route]:
        def steps(request: Request) -> Response:
            columns = provider.blobs(series_key(request, "images"))
            return columns_response({"step": columns.step, "wall_time": columns.wall_time})

        return [get("/steps", steps)]

Endpoints are plain functions and run in a thread of their own, so they may read files and compute. They raise
`ApiError` for a bad request; the server makes the right answer of it, and of `UnknownSeries` (404),
`DecodeError` (422: the value in the file is not what it claims to be) and an `OSError` from `provider.read`
(410).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola import blobs
from cupola.types import SeriesKey

MAX_BODY_BYTES: Final = 4 << 20
"""Largest JSON body that is read: room for the names of 50 000 runs."""

IMMUTABLE: Final = "private, max-age=31536000, immutable"

T = TypeVar("T")


class ApiError(Exception):
    """A request that cannot be answered. The message says what was seen, what was wanted and what to do."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def get(path: str, endpoint: Callable[[Request], Response]) -> Route:
    """A GET route. `endpoint` runs in a thread."""
    return Route(path, endpoint, methods=["GET"])


def post(path: str, endpoint: Callable[[Mapping[str, Any]], Response]) -> Route:
    """A POST route of questions too long for a URL. `endpoint` gets the body's JSON object, in a thread."""

    async def read_and_answer(request: Request) -> Response:
        return await run_in_threadpool(endpoint, await json_body(request))

    return Route(path, read_and_answer, methods=["POST"])


async def json_body(request: Request) -> Mapping[str, Any]:
    """The JSON object in a request's body.

    Raises:
        ApiError: the body is no JSON object, too long, or not declared as JSON (which no form of a foreign
            page can do).
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise ApiError("the body is not declared as JSON; send it with `Content-Type: application/json`", 415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ApiError(
                f"the body is longer than {MAX_BODY_BYTES} bytes; ask for fewer names at once", 413
            )
    try:
        document = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"the body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ApiError(f"the body is a JSON {type(document).__name__}; wanted an object")
    return document


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")


def parameter(request: Request, name: str, default: str | None = None) -> str:
    """The query parameter `name`; without a default it must be there."""
    value = request.query_params.get(name, default)
    if value is None:
        raise ApiError(f"no parameter `{name}`; wanted `?{name}=…`")
    return value


def integer(
    request: Request, name: str, default: int | None = None, *, low: int = 0, high: int = 2**63 - 1
) -> int:
    """The query parameter `name` as a whole number in [low, high]."""
    text = parameter(request, name, None if default is None else str(default))
    if not re.fullmatch(r"-?[0-9]{1,19}", text, re.ASCII) or not low <= int(text) <= high:
        raise ApiError(f"`{name}` is {text[:40]!r}; wanted a whole number from {low} to {high}")
    return int(text)


def number(request: Request, name: str, default: float | None = None) -> float:
    """The query parameter `name` as a finite number."""
    text = parameter(request, name, None if default is None else str(default))
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ApiError(f"`{name}` is {text[:40]!r}; wanted a finite number")
    return value


def series_key(request: Request, plugin: str) -> SeriesKey:
    """The series that the parameters `run` and `tag` name."""
    return SeriesKey(parameter(request, "run"), plugin, parameter(request, "tag"))


def member(
    body: Mapping[str, Any], name: str, kind: type[T] | tuple[type[T], ...], default: T | None = None
) -> T:
    """The member `name` of a JSON body, of one of the given types; null counts as absent.

    Without a default it must be there.
    """
    value = body.get(name)
    if value is None:
        value = default
    kinds = kind if isinstance(kind, tuple) else (kind,)
    # JSON's true is no number though Python's is.
    if value is None or not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        seen = "missing" if body.get(name) is None else f"a {type(value).__name__}"
        raise ApiError(f"member `{name}` is {seen}; wanted {' or '.join(k.__name__ for k in kinds)}")
    return value


def strings(body: Mapping[str, Any], name: str) -> list[str] | None:
    """The member `name` as a list of strings, or None if it is absent or null."""
    value = body.get(name)
    if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise ApiError(f"member `{name}` is not a list of strings or null")
    return value


def json_response(document: Any, status: int = 200) -> Response:
    """A JSON answer. NaN and infinities, which JSON has no words for, become the strings `NaN`, `Infinity`,
    `-Infinity`.
    """
    return Response(
        encode_json(document), status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def encode_json(document: Any) -> bytes:
    """UTF-8 JSON as `json_response` sends it. Lone surrogates become `?`."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        text = json.dumps(_speakable(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _speakable(item: Any) -> Any:
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "Infinity" if item > 0 else "-Infinity"
    if isinstance(item, Mapping):
        return {key: _speakable(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [_speakable(value) for value in item]
    return item


def columns_response(document: Any) -> Response:
    """Columns (`cupola.columns`): a JSON document in which one-dimensional arrays may stand anywhere.

    Numbers beside the arrays follow `json_response`: NaN and infinities become strings.
    """
    from cupola import columns  # NumPy with it, which the server's first answers do without

    body = columns.encode_columns(_speakable(document))
    return Response(body, media_type=columns.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def blob_response(
    data: bytes, immutable: bool = True, *, request: Request | None = None, name: str = "blob"
) -> Response:
    """Bytes from a log, of the media type that they show themselves.

    Pictures, sounds and films of the allowlist (`cupola.blobs`) may be shown; everything else is a download
    that can run nothing.

    Args:
        data: one encoded image, sound or film, or anything.
        immutable: the URL names these bytes for good (it holds the event's wall time, say), so the browser
            need not ask again.
        request: given, a `Range` header is honoured, which players need to seek.
        name: the download's name without its suffix; ASCII letters, digits, `-` and `_` of it are kept.
    """
    kind, suffix = blobs.media_type(data)
    headers = {
        "Cache-Control": IMMUTABLE if immutable else "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if kind == blobs.UNKNOWN:
        safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:80]
        headers["Content-Disposition"] = f'attachment; filename="{safe}{suffix}"'
    status, body = 200, data
    if request is not None:
        headers["Accept-Ranges"] = "bytes"
        span = _range(request.headers.get("range", ""), len(data))
        if span is not None:
            start, end = span
            status, body = 206, data[start:end]
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(body, status, media_type=kind, headers=headers)


def _range(header: str, size: int) -> tuple[int, int] | None:
    """(first byte, byte behind the last) of a single satisfiable range; None means: send everything.

    Source: RFC 9110, section 14.2 (a server may ignore a Range header).
    """
    match = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", header.strip(), re.ASCII)
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None
