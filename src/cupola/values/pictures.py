"""Pillow's pictures as pixels. Pillow is not imported here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongValue

_AS_THEY_ARE: Final = frozenset({"L", "LA", "RGB", "RGBA"})
_WITH_ALPHA: Final = {"PA": "RGBA", "La": "LA", "RGBa": "RGBA"}
"""Modes that have an alpha channel, and which mode keeps it."""


def is_picture(value: Any) -> bool:
    """Whether it is a Pillow image."""
    # Another thread may be importing it, so it may lack anything.
    return isinstance(value, getattr(sys.modules.get("PIL.Image"), "Image", ()))


def are_pictures(values: Any) -> bool:
    """Whether it is a list of at least one Pillow image, and of nothing else."""
    return isinstance(values, (list, tuple)) and bool(values) and all(map(is_picture, values))


def pixels(picture: Any) -> NDArray[np.uint8]:
    """Height x width of a grey picture, height x width x channels (2: grey with alpha, 3: RGB, 4: RGBA) of
    another one.

    Palettes and other colour spaces become RGB, and RGBA where something is transparent. Of 16 bits the
    higher eight are kept; modes `I` and `F` count from 0 to 255, as everywhere in Pillow.
    """
    mode = picture.mode
    if mode.startswith("I;16"):
        return np.asarray(np.asarray(picture).astype(np.uint16) >> 8, np.uint8)
    if mode in ("I", "F"):
        return np.asarray(np.nan_to_num(np.asarray(picture)).clip(0, 255), np.uint8)
    if mode not in _AS_THEY_ARE:
        picture = picture.convert("L" if mode == "1" else _WITH_ALPHA.get(mode) or _colors(picture))
    elif "transparency" in picture.info and mode != "RGBA":
        picture = picture.convert("LA" if mode in ("L", "LA") else "RGBA")
    return np.asarray(picture)


def batch(pictures: Sequence[Any], name: str) -> NDArray[np.uint8]:
    """Count x height x width x channels of pictures of one size; their modes may differ.

    Raises:
        WrongValue: they are of different sizes.
    """
    sizes = sorted({picture.size for picture in pictures})
    if len(sizes) > 1:
        seen = ", ".join(f"{width}x{height}" for width, height in sizes[:4])
        raise WrongValue(f"{name} holds pictures of {seen} pixels; wanted one size: use .resize()")
    each = [np.atleast_3d(pixels(picture)) for picture in pictures]
    channels = {array.shape[2] for array in each}
    if len(channels) > 1:
        mode = "RGBA" if channels & {2, 4} else "RGB"
        each = [np.asarray(_convert(picture, mode)) for picture in pictures]
    return np.stack(each)


def axes(picture: Any) -> str:
    """The letters of the axes of a picture's `pixels`."""
    return "HW" if pixels(picture).ndim == 2 else "HWC"


def _colors(picture: Any) -> str:
    return "RGBA" if "transparency" in picture.info else "RGB"


def _convert(picture: Any, mode: str) -> Any:
    from PIL import Image

    return Image.fromarray(pixels(picture)).convert(mode)
