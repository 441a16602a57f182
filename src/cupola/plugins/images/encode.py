"""Images to bytes: single, batches, with boxes, figures, videos.

All take the form that both peers write, `Summary.Image` in field 4 without metadata: every reader of event
files knows it.

Source: tensorboard/compat/proto/summary.proto, message Summary.Image (tensorboard 2.21.0)
"""

from __future__ import annotations

from functools import partial
from typing import Any

from cupola.errors import WrongType
from cupola.events import event, wire
from cupola.events.later import Later
from cupola.events.png import Pixels, encode_png, to_pixels
from cupola.events.values import Snapshot, check_tag, snapshot
from cupola.plugins.images import frames

ONE_IMAGE = ("HW", "CHW", "NCHW")


def image(tag: str, img_tensor: Any, dataformats: str = "CHW") -> Later:
    """One image, or a batch as one grid.

    Args:
        tag: name of the series.
        img_tensor: pixels with 1 to 4 channels: uint8 0..255, floats 0..1 (clipped), booleans; see
            `to_pixels`.
        dataformats: the axes' letters, `HW`, `CHW` or `NCHW` in the array's order.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    check_tag(tag)
    taken = _real(snapshot(img_tensor, "img_tensor"), "img_tensor")
    letters = frames.check_axes(taken.shape, dataformats, ONE_IMAGE, "img_tensor")
    return partial(_encode, tag, taken, letters)


def images(tag: str, img_tensor: Any, dataformats: str = "NCHW") -> Later:
    """A batch as one grid of rows of eight; or a list of images of one size, then `dataformats` names the
    axes of one of them.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    check_tag(tag)
    taken = _real(snapshot(img_tensor, "img_tensor"), "img_tensor")
    listed = isinstance(img_tensor, (list, tuple)) and isinstance(dataformats, str)
    if listed and taken.ndim == len(dataformats) + 1:
        dataformats = "N" + dataformats
    letters = frames.check_axes(taken.shape, dataformats, ONE_IMAGE, "img_tensor")
    return partial(_encode, tag, taken, letters)


def figure(tag: str, figure: Any, close: bool = True) -> Later:
    """A Matplotlib figure, or a list of figures of one size as a grid, drawn at once: figures change later.

    Args:
        tag: name of the series.
        figure: `matplotlib.figure.Figure`, or a list of them.
        close: whether pyplot forgets the figure.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    from cupola.plugins.images.figures import figure_to_image

    check_tag(tag)
    drawn = figure_to_image(figure, close)
    letters = "CHW" if drawn.ndim == 3 else "NCHW"
    return partial(_encode, tag, Snapshot(drawn.shape, drawn.dtype, lambda: drawn), letters)


def encode_image(height: int, width: int, channels: int, encoded: bytes) -> bytes:
    """Bytes of a `Summary.Image`; sizes in pixels."""
    return (
        wire.field_varint(1, height)
        + wire.field_varint(2, width)
        + wire.field_varint(3, channels)
        + wire.field_bytes(4, encoded)
    )


def _encode(tag: str, taken: Snapshot, letters: str) -> list[bytes]:
    return [encode_pixels(tag, frames.to_hwc(to_pixels(taken.array()), letters))]


def encode_pixels(tag: str, pixels: Pixels) -> bytes:
    """Bytes of a `Summary.Value` with pixels, height x width x channels, as PNG."""
    height, width, channels = pixels.shape
    return event.encode_value(tag, event.IMAGE, encode_image(height, width, channels, encode_png(pixels)))


def _real(taken: Snapshot, name: str) -> Snapshot:
    if taken.dtype.kind == "c":
        raise WrongType(f"{name} has dtype {taken.dtype}; wanted real numbers: use .real or abs()")
    return taken
