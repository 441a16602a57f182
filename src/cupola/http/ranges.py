"""`Range` of a request, which players need to seek.

Source: RFC 9110, sections 14.1.2 (byte ranges), 14.2 (Range), 13.1.5 (If-Range), 15.5.17 (416)
"""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

_BYTES: Final = re.compile(r"bytes=\s*([0-9]*)-([0-9]*)\s*", re.ASCII)


class Unsatisfiable(Exception):
    """The range has no byte of what there is."""


def byte_range(request: Request, size: int) -> tuple[int, int] | None:
    """(first byte, byte behind the last) of `size` bytes that a request asks for; None: all of them.

    A range that is none, and several at once, stand for all: RFC 9110 lets a server ignore `Range`. So does
    `If-Range`, since no answer carries what it could name.

    Raises:
        Unsatisfiable: it begins behind the last byte.
    """
    headers = request.headers
    match = _BYTES.fullmatch(headers.get("range", ""))
    if match is None or request.method != "GET" or "if-range" in headers:
        return None
    first, last = (_position(digits) for digits in match.groups())
    if first is None:
        if last is None:
            return None
        start, end = max(size - last, 0), size  # the last bytes, that many
    else:
        start, end = first, size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None
    if start >= end:
        raise Unsatisfiable
    return start, end


def _position(digits: str) -> int | None:
    """Of any number of digits; what no file has as many bytes as needs not be exact."""
    if not digits:
        return None
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) < 19 else 10**18
