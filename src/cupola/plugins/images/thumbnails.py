"""Smaller copies of large pictures, for cards that show fewer pixels than were logged."""

from __future__ import annotations

import io
import threading
from typing import Final

from cupola.cache import LruCache
from cupola.media import pixel_size

SIZES: Final = (256, 512, 1024, 2048)
"""What a copy's longer side may measure, in pixels: few sizes, so that most questions find a kept copy."""
MAX_PIXELS: Final = 64_000_000
"""Larger pictures are not decoded here: one would take over 256 MB."""
CACHE_BYTES: Final = 32 << 20
_ENTRY_BYTES: Final = 200
_AT_ONCE: Final = 2

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP")
# 8 bits each. What else there is (16 bits, CMYK) browsers map to the screen in ways of their own.
_MODES: Final = {"1": "L", "L": "L", "LA": "LA", "P": "RGBA", "RGB": "RGB", "RGBA": "RGBA"}
_ORIENTATION: Final = 0x0112


def thumbnail(data: bytes, longest: int) -> bytes | None:
    """A still picture with each pixel the mean of those that it stands for, as PNG.

    Args:
        data: an encoded picture.
        longest: of the copy's sides, in pixels.

    Returns:
        None where the picture is to be shown as it is: it is small already, or has more than `MAX_PIXELS`; it
        moves, is turned by its EXIF tag, has a gamma or other than 8 bits, or cannot be decoded.
    """
    size = pixel_size(data)
    if size is None or max(size) <= longest or not 0 < size[0] * size[1] <= MAX_PIXELS:
        return None
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if getattr(picture, "n_frames", 1) > 1 or picture.mode not in _MODES:
                return None
            # Browsers turn the picture, and brighten it.
            if picture.getexif().get(_ORIENTATION, 1) != 1 or "gamma" in picture.info:
                return None
            small = picture.convert(_MODES[picture.mode])
            small.thumbnail((longest, longest), Image.Resampling.BOX, reducing_gap=None)
            out = io.BytesIO()
            # The profile says which colours the numbers mean. Little is gained by more than the least effort.
            small.save(out, "PNG", compress_level=1, icc_profile=picture.info.get("icc_profile"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # what Pillow raises for damage
        return None
    return out.getvalue()


class Thumbnails:
    """Copies that were made last. May be asked from any thread."""

    def __init__(self) -> None:
        self._kept: LruCache[tuple[str, int, int], bytes] = LruCache(
            CACHE_BYTES, lambda copy: len(copy) + _ENTRY_BYTES
        )
        # A decoded picture takes up to 256 MB.
        self._room = threading.Semaphore(_AT_ONCE)

    def get(self, key: str, sample: int, data: bytes, longest: int) -> bytes:
        """A copy of a point's sample, or the sample itself where `thumbnail` makes none."""

        def make() -> bytes:
            with self._room:
                return thumbnail(data, longest) or b""

        return self._kept.get((key, sample, longest), make) or data
