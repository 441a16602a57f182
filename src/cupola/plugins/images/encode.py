"""Images to bytes: single, batches, with boxes, figures, videos.

All take the form that both peers write, `Summary.Image` in field 4 without metadata: every reader of event
files knows it.

Source: tensorboard/compat/proto/summary.proto, message Summary.Image (tensorboard 2.21.0)
"""

from __future__ import annotations

import logging
import math
from functools import partial
from typing import Any

import numpy as np

from cupola.errors import WrongValue
from cupola.events import event, wire
from cupola.plugins.images import frames
from cupola.plugins.images.boxes import draw_boxes, scaled
from cupola.plugins.images.pixels import take_image, take_video
from cupola.plugins.images.videos import encode_gif, encode_mp4, find_ffmpeg
from cupola.values.arguments import as_texts, check_tag
from cupola.values.arrays import Snapshot, as_number, snapshot
from cupola.values.deferred import Deferred
from cupola.values.describe import describe
from cupola.values.png import Pixels, encode_png, to_pixels

log = logging.getLogger("cupola")


def image(tag: str, img_tensor: Any, dataformats: str = "CHW") -> Deferred:
    """One image, or a batch as one grid.

    Args:
        tag: name of the series.
        img_tensor: pixels with 1 to 4 channels: uint8 0..255, floats 0..1 (clipped), booleans; see
            `to_pixels`. Masked ones are black. Or a Pillow image, or a list of either of one size.
        dataformats: the axes' letters, `HW`, `CHW` or `NCHW` in the array's order; of one item if it is a
            list. Of Pillow's images the axes are known.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    taken, letters = take_image(img_tensor, dataformats)
    return Deferred(tag, taken.nbytes, partial(_encode, tag, taken, letters))


def images(tag: str, img_tensor: Any, dataformats: str = "NCHW") -> Deferred:
    """A batch as one grid of rows of eight; or a list of images of one size; see `image`.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return image(tag, img_tensor, dataformats)


def figure(tag: str, figure: Any, close: bool = True) -> Deferred:
    """A figure of Matplotlib or Plotly, or several of one size as a grid, drawn at once: figures change
    later.

    Args:
        tag: name of the series.
        figure: see `figure_to_image`.
        close: whether pyplot forgets the figure.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    from cupola.plugins.images.figures import figure_to_image

    tag = check_tag(tag)
    drawn = figure_to_image(figure, close)
    letters = "CHW" if drawn.ndim == 3 else "NCHW"
    taken = Snapshot(drawn.shape, drawn.dtype, lambda: drawn)
    return Deferred(tag, taken.nbytes, partial(_encode, tag, taken, letters))


def image_with_boxes(
    tag: str,
    img_tensor: Any,
    box_tensor: Any,
    rescale: float = 1,
    dataformats: str = "CHW",
    labels: Any = None,
) -> Deferred:
    """One image with red boxes.

    Args:
        tag: name of the series.
        img_tensor: see `image`.
        box_tensor: N x 4: left, top, right, bottom in pixels; nothing at all is no box.
        rescale: factor of both sides of the image that comes out.
        dataformats: see `image`.
        labels: one for each box; another number of them is not drawn at all, with a warning.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    taken, letters = take_image(img_tensor, dataformats)
    boxes = snapshot(box_tensor, "box_tensor")
    if 0 in boxes.shape:  # nothing was detected
        boxes = snapshot(np.empty((0, 4)))
    if boxes.ndim != 2 or boxes.shape[1] != 4 or boxes.dtype.kind == "c":
        raise WrongValue(
            f"box_tensor has shape {boxes.shape} and dtype {boxes.dtype}; wanted real numbers, N x 4: left, "
            "top, right, bottom of each box"
        )
    factor = as_number(rescale, "rescale")
    height, width = (taken.shape[letters.index(axis)] for axis in "HW")
    if not math.isfinite(factor) or min(scaled(height, factor), scaled(width, factor)) < 1:
        raise WrongValue(
            f"rescale is {rescale!r} for an image of {width} x {height} pixels; wanted at least one pixel"
        )
    texts = None if labels is None else as_texts(labels, "labels")
    if texts is not None and len(texts) != boxes.shape[0]:
        log.warning("image %r: %d labels for %d boxes; no label is drawn", tag, len(texts), boxes.shape[0])
        texts = None
    encode = partial(_encode_boxes, tag, taken, letters, boxes, texts, factor)
    return Deferred(tag, taken.nbytes + boxes.nbytes, encode)


def video(
    tag: str, vid_tensor: Any, fps: float = 4, dataformats: str = "NTCHW", format: str = "gif"
) -> Deferred:
    """A batch of videos side by side, as an animated GIF that every reader of images shows.

    Args:
        tag: name of the series.
        vid_tensor: pixels as in `image`, with axes for the batch and for time; or a list of Pillow images.
        fps: frames per second.
        dataformats: the axes' letters, `NTCHW` in the array's order.
        format: `gif`; or `mp4`, which is smaller, and which TensorBoard cannot show. Without an ffmpeg it is
            a GIF nevertheless.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    taken, letters = take_video(vid_tensor, dataformats)
    rate = as_number(fps, "fps")
    if not 0 < rate < math.inf:
        raise WrongValue(f"fps is {fps!r}; wanted frames per second, above 0")
    if not isinstance(format, str) or format not in ("gif", "mp4"):
        raise WrongValue(f"format is {describe(format)}; wanted 'gif' or 'mp4'")
    ffmpeg = find_ffmpeg() if format == "mp4" else None
    if format == "mp4" and ffmpeg is None:
        log.warning("video %r is written as a GIF: there is no ffmpeg. Install imageio-ffmpeg for MP4", tag)
    return Deferred(tag, taken.nbytes, partial(_encode_video, tag, taken, letters, rate, ffmpeg))


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


def _encode_boxes(
    tag: str, taken: Snapshot, letters: str, boxes: Snapshot, labels: list[str] | None, rescale: float
) -> list[bytes]:
    pixels = np.ascontiguousarray(frames.to_hwc(to_pixels(taken.array()), letters))
    return [encode_pixels(tag, draw_boxes(pixels, boxes.array(), labels, rescale))]


def _encode_video(tag: str, taken: Snapshot, letters: str, fps: float, ffmpeg: str | None) -> list[bytes]:
    shown = frames.to_frames(to_pixels(taken.array()), letters)
    encoded = encode_gif(shown, fps) if ffmpeg is None else encode_mp4(shown, fps, ffmpeg)
    _, height, width, channels = shown.shape
    return [event.encode_value(tag, event.IMAGE, encode_image(height, width, channels, encoded))]
