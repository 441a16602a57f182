"""What users hand over as images: arrays, Pillow's pictures, lists of either."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType
from cupola.plugins.images import frames
from cupola.values import foreign, pictures
from cupola.values.arrays import Snapshot, snapshot


def take_image(value: Any, dataformats: Any, name: str = "img_tensor") -> tuple[Snapshot, str]:
    """One image or a batch, as it was at the call, and the letters of its axes.

    Args:
        value: an array of pixels, a Pillow image, or a list of either of one size. Masked pixels are black.
        dataformats: one letter for each axis of the array, or of each item of a list. Of Pillow's images the
            axes are known.
        name: of the argument, for messages.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    items = foreign.as_items(value)
    value = value if items is None else items
    if pictures.is_picture(value):
        return _checked(_own(pictures.pixels(value)), pictures.axes(value), frames.ONE_IMAGE, name)
    if pictures.are_pictures(value):
        return _checked(_own(pictures.batch(value, name)), "NHWC", frames.ONE_IMAGE, name)
    taken = _real(value, name)
    if items is not None and isinstance(dataformats, str) and taken.ndim == len(dataformats) + 1:
        dataformats = "N" + dataformats
    return _checked(taken, dataformats, frames.ONE_IMAGE, name)


def take_video(value: Any, dataformats: Any, name: str = "vid_tensor") -> tuple[Snapshot, str]:
    """A batch of videos, and the letters of its axes; a list of Pillow's images is one video.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    items = foreign.as_items(value)
    value = value if items is None else items
    if pictures.are_pictures(value):
        return _checked(_own(pictures.batch(value, name)[np.newaxis]), "NTHWC", frames.VIDEO, name)
    return _checked(_real(value, name), dataformats, frames.VIDEO, name)


def _checked(taken: Snapshot, dataformats: Any, forms: tuple[str, ...], name: str) -> tuple[Snapshot, str]:
    return taken, frames.check_axes(taken.shape, dataformats, forms, name)


def _own(pixels: NDArray[np.uint8]) -> Snapshot:
    owned = pixels.copy()
    return Snapshot(owned.shape, owned.dtype, lambda: owned)


def _real(value: Any, name: str) -> Snapshot:
    taken = snapshot(value, name, masked=0)
    if taken.dtype.kind == "c":
        raise WrongType(f"{name} has dtype {taken.dtype}; wanted real numbers: use .real or abs()")
    return taken
