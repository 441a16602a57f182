"""What some bytes are, told by themselves and by nothing that a log says about them: the kind of file, its
size in pixels, whether its end is missing. Nothing is decoded, so no file can be a bomb.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Size: TypeAlias = tuple[int, int]

UNKNOWN: Final = "application/octet-stream"

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"fLaC", "audio/flac", ".flac"),
    (b"OggS\0", "audio/ogg", ".ogg"),
    (b"ID3", "audio/mpeg", ".mp3"),
    (b"\x1a\x45\xdf\xa3", "video/webm", ".webm"),
)
_RIFF: Final = {b"WEBP": ("image/webp", ".webp"), b"WAVE": ("audio/wav", ".wav")}


def media_type(data: bytes | memoryview) -> tuple[str, str]:
    """(media type, file suffix) of an image, a video or audio; `application/octet-stream` and `.bin` for all
    else.

    Only kinds on a short allowlist are named, which a browser decodes without running anything. SVG, HTML and
    the rest are bytes to download.

    Source: WHATWG MIME Sniffing Standard, section 6
    (https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern)
    """
    head = bytes(data[:16])
    for start, kind, suffix in _STARTS:
        if head.startswith(start):
            return kind, suffix
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return ("image/avif", ".avif") if head[8:12] in (b"avif", b"avis") else ("video/mp4", ".mp4")
    if head.startswith(b"BM") and int.from_bytes(head[2:6], "little") == len(data):
        return "image/bmp", ".bmp"
    # An MPEG audio frame without tags: eleven set bits, a version that is not reserved, layer III, a bit rate
    # that exists.
    if (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[1] & 0x18 != 0x08
        and head[2] >> 4 not in (0, 15)
    ):
        return "audio/mpeg", ".mp3"
    return UNKNOWN, ".bin"


def pixel_size(data: bytes) -> Size | None:
    """(width, height) in pixels of a PNG, GIF, JPEG, WebP or BMP; None if the header does not say.

    Source: PNG (RFC 2083, 11.2.2 IHDR); GIF89a section 18; JPEG (ITU T.81, B.2.2 SOFn); WebP container
    specification; BITMAPINFOHEADER.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(data, 16, 4, "big") if data[12:16] == b"IHDR" else None
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair(data, 6, 2, "little")
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_size(data)
    if data.startswith(b"BM") and len(data) >= 26:
        width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
        return abs(width), abs(height)
    return None


def _pair(data: bytes, at: int, size: int, order: Literal["big", "little"]) -> Size | None:
    if len(data) < at + 2 * size:
        return None
    width, height = (int.from_bytes(data[i : i + size], order) for i in (at, at + size))
    return width, height


def _jpeg_size(data: bytes) -> Size | None:
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


def _webp_size(data: bytes) -> Size | None:
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


def damage(data: bytes) -> str | None:
    """Why a file cannot be whole, or None: its end is missing, as the file itself tells.

    Known of PNG, JPEG, GIF, WebP, WAV, MP4 and AVIF. A browser shows the part of an image that is there, and
    nothing says that the rest is not.

    Source: PNG (RFC 2083, 3 and 11.2.5 IEND); JPEG (ITU T.81, B.1.1.2 and B.2.1 EOI); GIF89a sections 15 to
    27; RIFF (WebP container specification); ISO/IEC 14496-12, 4.2 (boxes).
    """
    kind, _ = media_type(data)
    checks = {
        "image/png": ("PNG", _png_is_whole),
        "image/jpeg": ("JPEG", _jpeg_is_whole),
        "image/gif": ("GIF", _gif_is_whole),
        "image/webp": ("WebP", _riff_is_whole),
        "audio/wav": ("WAV", _riff_is_whole),
        "video/mp4": ("MP4", _boxes_are_whole),
        "image/avif": ("AVIF", _boxes_are_whole),
    }
    if kind not in checks:
        return None
    name, is_whole = checks[kind]
    return None if is_whole(data) else f"the {name} is cut short: its end is not among its {len(data)} bytes"


def _png_is_whole(data: bytes) -> bool:
    at = 8
    while at + 12 <= len(data):
        kind = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if kind == b"IEND":
            return at <= len(data)
    return False


def _jpeg_is_whole(data: bytes) -> bool:
    """Looks behind the start of the scan: an EXIF thumbnail before it is a JPEG with an end of its own."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:  # SOS; in what follows 0xFF is escaped, so FF D9 is the end
            return data.find(b"\xff\xd9", at) >= 0
        at += 1 if marker == 0xFF else 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return False


def _gif_is_whole(data: bytes) -> bool:
    at = 13 + _color_table_bytes(data[10] if len(data) > 10 else 0)
    while at < len(data):
        block = data[at]
        if block == 0x3B:  # the trailer
            return True
        if block == 0x2C:  # an image: 9 bytes, its colour table, the code size
            at += 11 + _color_table_bytes(data[at + 9] if at + 9 < len(data) else 0)
        elif block == 0x21:  # an extension and its label
            at += 2
        else:
            return False
        while at < len(data) and data[at]:  # sub-blocks, each with its length
            at += 1 + data[at]
        at += 1
    return False


def _color_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _riff_is_whole(data: bytes) -> bool:
    size = int.from_bytes(data[4:8], "little")
    return size == 0xFFFFFFFF or 8 + size <= len(data)  # of a WAV that was streamed the size is not known


def _boxes_are_whole(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 0:  # to the end of the file
            return True
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return False
        at += size
    return at == len(data)
