"""Single images out of a sprite, at the size at which they are drawn: the page never gets the whole of it."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.values.png import encode_png

MAX_SPRITE_BYTES: Final = 1 << 30
"""Of memory that a sprite may unfold to: more than a million images of 28×28 grey pixels."""
MAX_TILES: Final = 1 << 14
MAX_PIXELS: Final = 1 << 22
"""Of one answer."""
COLUMNS: Final = 128
"""Images in a row of an answer; fewer if there are fewer in all."""

_CHANNELS: Final = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


@dataclass(frozen=True, slots=True)
class Tiles:
    """A decoded sprite of rows × columns images."""

    pixels: NDArray[np.uint8]
    """Height × width × channels (1, 3 or 4) of the whole sprite."""
    tile: tuple[int, int]
    """Width and height in pixels of one image."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.pixels.nbytes

    @property
    def columns(self) -> int:
        """Images side by side."""
        return int(self.pixels.shape[1]) // self.tile[0]

    @property
    def count(self) -> int:
        """Images that have room on it, whether or not all are filled."""
        return self.columns * (int(self.pixels.shape[0]) // self.tile[1])

    def cut(self, indices: NDArray[np.int64], size_px: int) -> NDArray[np.uint8]:
        """Images by their indices, N×H×W×C, the longer side `size_px` (averaged down, never enlarged).

        An index of no image gives an empty one: transparent where the sprite has transparency, else black.
        """
        width, height = self.tile
        rows, columns, channels = self.count // max(1, self.columns), self.columns, self.pixels.shape[2]
        whole = self.pixels[: rows * height, : columns * width]
        images = whole.reshape(rows, height, columns, width, channels)
        known = indices < self.count
        chosen = np.zeros((len(indices), height, width, channels), np.uint8)
        row, column = np.divmod(indices[known], max(1, columns))
        chosen[known] = images[row, :, column]
        scale = min(1.0, size_px / max(width, height))
        return chosen if scale == 1 else _averaged(chosen, *scaled(self.tile, size_px))


def scaled(tile: tuple[int, int], size_px: int) -> tuple[int, int]:
    """Width and height of an image whose longer side is at most `size_px`."""
    scale = min(1.0, size_px / max(tile))
    return max(1, math.floor(tile[0] * scale + 0.5)), max(1, math.floor(tile[1] * scale + 0.5))


def decode_sprite(data: bytes, tile: tuple[int, int], path: str) -> Tiles:
    """A sprite's pixels.

    Args:
        data: an image file: PNG, JPEG, WebP, GIF or BMP, of any width and height.
        tile: width and height in pixels of one image, as the config says.
        path: of the file, for messages.

    Raises:
        DecodeError: it is no such image, is damaged, would need more than `MAX_SPRITE_BYTES` of memory, or is
            smaller than one image.
    """
    from PIL import Image

    try:
        with _opened(data) as image:
            mode = _mode(image)
            needed = image.width * image.height * _CHANNELS[mode]
            if needed > MAX_SPRITE_BYTES:
                raise DecodeError(
                    f"the sprite {path} has {image.width}×{image.height} px and would take "
                    f"{needed >> 20} MiB of memory; wanted at most "
                    f"{MAX_SPRITE_BYTES >> 20} MiB: log smaller images"
                ).coded(
                    "sprite_large",
                    path=path,
                    width=image.width,
                    height=image.height,
                    mib=needed >> 20,
                    most_mib=MAX_SPRITE_BYTES >> 20,
                )
            if image.width < tile[0] or image.height < tile[1]:
                raise DecodeError(
                    f"the sprite {path} has {image.width}×{image.height} px; wanted room for an image of "
                    f"{tile[0]}×{tile[1]} px at least, which the config's single_image_dim says one has"
                ).coded(
                    "sprite_small",
                    path=path,
                    width=image.width,
                    height=image.height,
                    tile_width=tile[0],
                    tile_height=tile[1],
                )
            pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise DecodeError(
            f"the sprite {path} is no image that can be read ({error}); "
            "wanted a whole PNG, JPEG, WebP, GIF or BMP"
        ).coded("sprite_unreadable", path=path, error=str(error)) from error
    return Tiles(pixels.reshape(*pixels.shape[:2], -1), tile)


def encode_tiles(images: NDArray[np.uint8]) -> bytes:
    """A PNG of images N×H×W×C, `COLUMNS` in a row."""
    count, height, width, channels = images.shape
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, channels), np.uint8)
    sheet[:count] = images
    placed = sheet.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    return encode_png(placed.reshape(rows * height, columns * width, channels))


def _opened(data: bytes) -> Any:
    """The image without Pillow's own limit of 178 megapixels: ours is on memory, before it is decoded."""
    from PIL import Image

    Image.init()
    for name in _FORMATS:
        factory, accepts = Image.OPEN.get(name, (None, None))
        if factory and (not accepts or accepts(data[:16]) is True):
            return factory(io.BytesIO(data), "")
    raise DecodeError("its first bytes are those of none of these")


def _mode(image: Any) -> str:
    """How its pixels are held: as they are, or as what shows the same."""
    if image.mode in ("L", "RGB", "RGBA"):
        return str(image.mode)
    if image.mode in ("LA", "PA") or "transparency" in image.info:
        return "RGBA"
    return "L" if image.mode in ("1", "I;16", "I", "F") else "RGB"


def _averaged(images: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Each image averaged down. Below each other they are one image, whose averages never mix two of them."""
    from PIL import Image

    count, tall, wide, channels = images.shape
    strip = images.reshape(count * tall, wide, channels)
    made = Image.fromarray(strip[:, :, 0] if channels == 1 else strip)
    small = made.resize((width, count * height), Image.Resampling.BOX)
    return np.asarray(small).reshape(count, height, width, channels)
