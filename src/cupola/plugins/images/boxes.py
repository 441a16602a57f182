"""Boxes with labels, drawn into an image.

Source: torch/utils/tensorboard/summary.py, _draw_single_box (torch 2.13.0), whose images these are to the
    pixel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.values.png import Pixels

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

COLOR: Final = "Red"
TEXT_COLOR: Final = "black"
WIDTH_PX: Final = 2
FAR_PX: Final = 1e6
"""Coordinates beyond are drawn as if they were there: Pillow cannot count further."""


def draw_boxes(pixels: Pixels, boxes: NDArray[Any], labels: Sequence[str] | None, rescale: float) -> Pixels:
    """The image with an outline for each box, then resized.

    Args:
        pixels: height x width x channels.
        boxes: N x 4: left, top, right, bottom in pixels of the image; a box with NaN in it is left out.
        labels: for each box, drawn at its bottom left; or None.
        rescale: factor of both sides.
    """
    from PIL import Image

    image = draw_into(Image.fromarray(pixels), boxes, labels)
    size = scaled(pixels.shape[1], rescale), scaled(pixels.shape[0], rescale)
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(image)


def draw_into(image: PillowImage, boxes: NDArray[Any], labels: Sequence[str] | None) -> PillowImage:
    """The image itself, with the boxes drawn into it; arguments as in `draw_boxes`."""
    for index, box in enumerate(boxes.astype(np.float64)):
        if not np.isnan(box).any():
            _draw(image, box.clip(-FAR_PX, FAR_PX), labels[index] if labels else "")
    return image


def scaled(size: int, rescale: float) -> int:
    """Pixels of a side after rescaling."""
    return int(size * rescale)


def _draw(image: PillowImage, box: NDArray[np.float64], label: str) -> None:
    from PIL import ImageDraw, ImageFont

    left, top, right, bottom = box.tolist()
    draw = ImageDraw.Draw(image)
    outline = [(left, top), (left, bottom), (right, bottom), (right, top), (left, top)]
    draw.line(outline, width=WIDTH_PX, fill=COLOR)
    if label:
        font = ImageFont.load_default()
        text_left, text_top, text_right, text_bottom = font.getbbox(label)
        width, height = text_right - text_left, text_bottom - text_top
        margin = math.ceil(0.05 * height)
        draw.rectangle([(left, bottom - height - 2 * margin), (left + width, bottom)], fill=COLOR)
        draw.text((left + margin, bottom - height - margin), label, fill=TEXT_COLOR, font=font)
