"""What kind of file some bytes are, told by their first bytes and by nothing that a log says about them.

Only kinds on a short allowlist are named: pictures, sounds and films that a browser decodes without running
anything. SVG, HTML and the rest are bytes to download.

Source: WHATWG MIME Sniffing Standard, section 6
(https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern)
"""

from __future__ import annotations

from typing import Final

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
    """(media type, file suffix) of a picture, sound or film; `application/octet-stream` and `.bin` for all
    else.
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
