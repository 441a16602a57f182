"""Routes whose endpoints are plain functions. They run in a thread of their own, so they may read files and
compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.bodies import json_object, read_body


def get(path: str, endpoint: Callable[[Request], Response]) -> Route:
    """A GET route."""
    return Route(path, endpoint, methods=["GET"])


def post(path: str, endpoint: Callable[[Mapping[str, Any]], Response]) -> Route:
    """A POST route of questions too long for a URL. `endpoint` gets the body's JSON object."""
    return _with_body(path, endpoint, "POST")


def patch(path: str, endpoint: Callable[[Mapping[str, Any]], Response]) -> Route:
    """A PATCH route, of changes. `endpoint` gets the body's JSON object."""
    return _with_body(path, endpoint, "PATCH")


def _with_body(path: str, endpoint: Callable[[Mapping[str, Any]], Response], method: str) -> Route:
    async def read_and_answer(request: Request) -> Response:
        body = await read_body(request)
        return await run_in_threadpool(lambda: endpoint(json_object(body)))

    return Route(path, read_and_answer, methods=[method])
