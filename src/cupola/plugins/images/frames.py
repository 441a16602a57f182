"""Axes of images: any order of letters to height x width x channels, batches to grids, videos to frames.

Source: tensorboardX/utils.py and torch/utils/tensorboard/_utils.py, whose images these are to the pixel.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.values.describe import describe

Number = TypeVar("Number", bound=np.generic)

COLUMNS = 8
"""Images in a row of a batch's grid."""

CHANNELS = (1, 2, 3, 4)

ONE_IMAGE = ("HW", "CHW", "NCHW")
VIDEO = ("NTCHW",)
"""The axes that an image or a batch, and a batch of videos, can have."""


def check_axes(shape: tuple[int, ...], dataformats: object, wanted: tuple[str, ...], name: str) -> str:
    """`dataformats` in capital letters, when it fits the shape.

    Args:
        shape: of the array.
        dataformats: one letter for each axis.
        wanted: the sets of letters that will do, each as one string: `("HW", "CHW", "NCHW")`.
        name: of the array's argument, for messages.

    Raises:
        WrongType: dataformats is no string.
        WrongValue: other letters, as many letters as the shape has not, an empty axis, or a channel axis that
            is not 1 to 4 long.
    """
    if not isinstance(dataformats, str):
        raise WrongType(f"dataformats is {describe(dataformats)}; wanted a string like {wanted[-1]!r}")
    letters = dataformats.upper()
    if sorted(letters) not in [sorted(form) for form in wanted]:
        forms = ", ".join(map(repr, wanted))
        raise WrongValue(
            f"dataformats is {dataformats!r}; wanted the letters of one of {forms}, in the order of the axes"
        )
    if len(shape) != len(letters):
        raise WrongValue(
            f"{name} has shape {shape}, but dataformats={dataformats!r} names {len(letters)} axes; "
            "wanted as many axes as letters"
        )
    if 0 in shape:
        raise WrongValue(f"{name} has shape {shape}, an axis of length 0; wanted at least one pixel")
    if "C" in letters and shape[letters.index("C")] not in CHANNELS:
        raise WrongValue(
            f"{name} has shape {shape}, {shape[letters.index('C')]} channels by dataformats={dataformats!r}; "
            "wanted 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA): is the order of the letters right?"
        )
    return letters


def to_hwc(array: NDArray[Number], letters: str, columns: int = COLUMNS) -> NDArray[Number]:
    """Height x width x channels of one image, or of a batch's grid. Grey becomes RGB, as in both peers.

    Args:
        array: whose axes `letters` names, checked by `check_axes`.
        letters: `HW`, `CHW` or `NCHW` in any order.
        columns: images in a row of the grid.
    """
    if len(letters) == 4:
        return _grid(array.transpose([letters.index(axis) for axis in "NHWC"]), columns)
    if len(letters) == 2:
        array, letters = array[..., np.newaxis], letters + "C"
    return _color(array.transpose([letters.index(axis) for axis in "HWC"]))


def to_frames(array: NDArray[Number], letters: str) -> NDArray[Number]:
    """Time x height x width x channels of a batch of videos, side by side: filled up with black to a power of
    two, in 2^((bits-1)/2) rows.

    Args:
        array: whose five axes `letters` names.
        letters: `NTCHW` in any order.
    """
    videos = array.transpose([letters.index(axis) for axis in "NTHWC"])
    count, time, height, width, channels = videos.shape
    total = count if count & (count - 1) == 0 else 1 << count.bit_length()
    rows = 1 << (count.bit_length() - 1) // 2
    columns = total // rows
    padded = np.zeros((total, time, height, width, channels), array.dtype)
    padded[:count] = videos
    tiles = padded.reshape(rows, columns, time, height, width, channels).transpose(2, 0, 3, 1, 4, 5)
    return tiles.reshape(time, rows * height, columns * width, channels)


def _grid(images: NDArray[Number], columns: int) -> NDArray[Number]:
    """A batch, N x H x W x C, in rows of `columns`; what is left of the last row is 0."""
    images = _color(images)
    count, height, width, channels = images.shape
    columns = min(count, columns)
    rows = -(-count // columns)
    canvas: NDArray[Any] = np.zeros((rows * height, columns * width, channels), images.dtype)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        canvas[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    return canvas


def _color(images: NDArray[Number]) -> NDArray[Number]:
    return np.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images
