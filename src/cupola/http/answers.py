"""What is answered: JSON, columns, and bytes from a log."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from cupola import blobs

IMMUTABLE: Final = "private, max-age=31536000, immutable"


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
        text = json.dumps(json_safe(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def json_safe(item: Any) -> Any:
    """The document with NaN and infinities as strings, which JSON has no numbers for."""
    if isinstance(item, float) and not math.isfinite(item):
        return "NaN" if math.isnan(item) else "Infinity" if item > 0 else "-Infinity"
    if isinstance(item, Mapping):
        return {key: json_safe(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [json_safe(value) for value in item]
    return item


def columns_response(document: Any) -> Response:
    """Columns (`cupola.columns`): a JSON document in which one-dimensional arrays may stand anywhere.

    Numbers beside the arrays follow `json_response`: NaN and infinities become strings.
    """
    from cupola import columns  # NumPy with it, which the server's first answers do without

    body = columns.encode_columns(json_safe(document))
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
        span = byte_range(request.headers.get("range", ""), len(data))
        if span is not None:
            start, end = span
            status, body = 206, data[start:end]
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(body, status, media_type=kind, headers=headers)


def byte_range(header: str, size: int) -> tuple[int, int] | None:
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
