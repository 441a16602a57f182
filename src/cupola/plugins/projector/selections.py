"""Which points a request means."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.http.requests import ApiError, member


def points(body: Mapping[str, Any], count: int) -> NDArray[np.bool_]:
    """The member `points` of a JSON body as a mask of `count` points: a bit for each, in base64, the first in
    the lowest bit of the first byte. A million points take 167 kB, however many are meant.

    Raises:
        ApiError: it is no base64, or of another number of points.
    """
    text = member(body, "points", str)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(f"member `points` is {text[:20]!r}…; wanted a bit for each point, in base64") from None
    if len(data) != -(-count // 8):
        raise ApiError(
            f"member `points` holds {len(data)} bytes; wanted {-(-count // 8)}: "
            f"a bit for each of {count} points"
        )
    return np.unpackbits(np.frombuffer(data, np.uint8), count=count, bitorder="little").astype(bool)
