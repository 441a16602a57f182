"""What is answered: JSON, columns, and bytes from a log."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from cupola import media
from cupola.http.ranges import Unsatisfiable, byte_range

if TYPE_CHECKING:
    from cupola.types import SeriesKey

IMMUTABLE: Final = "private, max-age=31536000, immutable"


def json_response(document: Any, status: int = 200) -> Response:
    """A JSON answer. NaN and infinities, which JSON has no words for, become the strings `NaN`, `Infinity`,
    `-Infinity`.
    """
    return json_bytes_response(encode_json(document), status)


def described(error: Exception) -> dict[str, Any]:
    """An error's code and facts, as members beside its message; none without a code."""
    code, facts = getattr(error, "code", ""), getattr(error, "facts", {})
    return {"code": code, "facts": dict(facts)} if isinstance(code, str) and code else {}


def json_bytes_response(encoded: bytes, status: int = 200) -> Response:
    """A JSON answer of UTF-8 bytes that are JSON already."""
    headers = {"Cache-Control": "no-store"}
    return Response(encoded, status, media_type="application/json", headers=headers)


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


def attachment(key: SeriesKey, suffix: str) -> str:
    """The `Content-Disposition` of a series as a file: its name may be of any script (RFC 6266)."""
    name = re.sub(r"[^\w.-]+", "_", f"{key.run}_{key.tag}")[:120]
    return f"attachment; filename*=UTF-8''{quote(name)}{suffix}"


def blob_response(data: bytes, *, request: Request, immutable: bool = True, name: str = "blob") -> Response:
    """Bytes from a log, of the media type that they show themselves, or the range of them that is asked for.

    Images, videos and audio of the allowlist (`cupola.media`) may be shown; everything else is a download
    that can run nothing.

    Args:
        data: one encoded image, video or audio file, or anything.
        request: what asks for them; its `Range` is honoured.
        immutable: the URL names these bytes for good (it holds their blob key, say), so the browser need not
            ask again.
        name: the download's name without its suffix; ASCII letters, digits, `-` and `_` of it are kept.
    """
    kind, suffix = media.media_type(data)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": IMMUTABLE if immutable else "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if kind == media.UNKNOWN:
        safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:80]
        headers["Content-Disposition"] = f'attachment; filename="{safe}{suffix}"'
    try:
        span = byte_range(request, len(data))
    except Unsatisfiable:
        answer = json_response({"error": f"no byte of that range; wanted one of {len(data)} bytes"}, 416)
        answer.headers["Content-Range"] = f"bytes */{len(data)}"
        return answer
    if span is None:
        return Response(data, media_type=kind, headers=headers)
    start, end = span
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, media_type=kind, headers=headers)
