"""What a request asks: routes, parameters, members of a JSON body.

Endpoints are plain functions and run in a thread of their own, so they may read files and compute. They raise
`ApiError` for a bad request; the server makes the right answer of it.
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

from cupola.types import SeriesKey

MAX_BODY_BYTES: Final = 4 << 20
"""Largest JSON body that is read: room for the names of 50 000 runs."""

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
