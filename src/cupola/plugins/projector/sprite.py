"""The sprite: every point's image in one PNG, row by row."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.values.png import encode_png, to_pixels

MAX_SIDE_PX: Final = 8192
"""Widest sprite that TensorBoard's projector draws; images are made smaller until theirs fits.

Source: frontend constants of tensorboard 2.21.0 and tensorboardX/embedding.py (TB_MAX_SPRITE_SIZE).
"""


def layout(count: int, width: int, height: int) -> tuple[int, int, int]:
    """Columns of the sprite, and width and height in pixels that an image has on it.

    The sprite is as square as the images' shape lets it be and never higher than wide, because it is filled
    up to a square at its lower edge: TensorBoard takes `sprite width / image width` for the columns.
    """
    columns = max(1, math.ceil(math.sqrt(count * height / width)))
    while math.ceil(count / columns) * height > columns * width:
        columns += 1
    if columns * width <= MAX_SIDE_PX:
        return columns, width, height
    columns = min(columns, MAX_SIDE_PX)
    small = MAX_SIDE_PX // columns
    return columns, small, max(1, min(height * small // width, columns * small // math.ceil(count / columns)))


def encode_sprite(images: NDArray[Any]) -> tuple[bytes, tuple[int, int]]:
    """A PNG of N×C×H×W images (C is 1, 3 or 4), and the width and height that one has on it.

    Images are averaged down where the sprite would be wider than `MAX_SIDE_PX`.
    """
    tiles = to_pixels(images).transpose(0, 2, 3, 1)
    count, height, width, channels = tiles.shape
    columns, small_width, small_height = layout(count, width, height)
    side = columns * small_width
    sprite = np.zeros((side, side, channels), np.uint8)
    for row, first in enumerate(range(0, count, columns)):
        part = tiles[first : first + columns]
        strip = np.zeros((height, columns * width, channels), np.uint8)
        strip[:, : len(part) * width] = part.transpose(1, 0, 2, 3).reshape(height, -1, channels)
        if (small_width, small_height) != (width, height):
            strip = _averaged(strip, side, small_height)
        sprite[row * small_height : (row + 1) * small_height] = strip
    return encode_png(sprite), (small_width, small_height)


def _averaged(strip: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    from PIL import Image

    whole = Image.fromarray(strip[:, :, 0] if strip.shape[2] == 1 else strip)
    return np.asarray(whole.resize((width, height), Image.Resampling.BOX)).reshape(height, width, -1)
