"""Width and height of an encoded picture, read from its header alone: nothing is decompressed, so no picture
can be a bomb here.
"""

from __future__ import annotations

from typing import Literal

Size = tuple[int, int]


def pixel_size(data: bytes) -> Size | None:
    """(width, height) in pixels of a PNG, GIF, JPEG, WebP or BMP; None if the header does not say.

    Source: PNG (RFC 2083, 11.2.2 IHDR); GIF89a section 18; JPEG (ITU T.81, B.2.2 SOFn); WebP container
    specification; BITMAPINFOHEADER.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(data, 16, 4, "big")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair(data, 6, 2, "little")
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith(b"BM") and len(data) >= 26:
        width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
        return abs(width), abs(height)
    return None


def _pair(data: bytes, at: int, size: int, order: Literal["big", "little"]) -> Size | None:
    if len(data) < at + 2 * size:
        return None
    width, height = (int.from_bytes(data[i : i + size], order) for i in (at, at + size))
    return width, height


def _jpeg(data: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # SOFn
            height, width = (int.from_bytes(data[i : i + 2], "big") for i in (at + 5, at + 7))
            return width, height
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return None


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if len(data) < 30:
        return None
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
        return width, height
    return None
