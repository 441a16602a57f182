"""The part of `cupola.peers.summary` that gives images and videos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cupola.peers.message import Message, Summary, encoded
from cupola.plugins.images import boxes as boxes_
from cupola.plugins.images import encode as images
from cupola.plugins.images import videos
from cupola.values.arrays import make_np
from cupola.values.png import encode_png

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage


def image(tag: str, tensor: Any, rescale: float = 1, dataformats: str | None = None) -> Summary:
    """One image, or a batch as one grid.

    Args:
        tag: name of the series.
        tensor: pixels with 1 to 4 channels: uint8 from 0 to 255, floats from 0 to 1 (clipped); or N images of
            one size.
        rescale: factor of both sides.
        dataformats: the axes' letters, in the array's order; `CHW` of three axes and `NCHW` of four if none
            are given.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    dataformats = dataformats or ("NCHW" if np.ndim(tensor) == 4 else "CHW")
    if rescale != 1:
        return image_boxes(tag, tensor, np.empty((0, 4)), rescale, dataformats)
    return encoded(images.image(tag, tensor, dataformats))


def image_boxes(
    tag: str,
    tensor_image: Any,
    tensor_boxes: Any,
    rescale: float = 1,
    dataformats: str = "CHW",
    labels: Sequence[str] | str | None = None,
) -> Summary:
    """One image with red boxes.

    Args:
        tag: name of the series.
        tensor_image: pixels with 1 to 4 channels: uint8 from 0 to 255, floats from 0 to 1 (clipped).
        tensor_boxes: N×4: left, top, right, bottom in pixels.
        rescale: factor of both sides.
        dataformats: the axes' letters, in the array's order.
        labels: a text for each box.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(images.image_with_boxes(tag, tensor_image, tensor_boxes, rescale, dataformats, labels))


def draw_boxes(disp_image: PillowImage, boxes: Any, labels: Sequence[str] | None = None) -> PillowImage:
    """A Pillow image with red boxes drawn into it.

    Args:
        disp_image: the image, which stays as it is.
        boxes: N×4: left, top, right, bottom in pixels.
        labels: a text for each box.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return boxes_.draw_into(disp_image, make_np(boxes, "boxes"), labels)


def make_image(
    tensor: Any, rescale: float = 1, rois: Any = None, labels: Sequence[str] | None = None
) -> Message:
    """A `Summary.Image` of pixels, with boxes.

    Args:
        tensor: H×W×C pixels in uint8.
        rescale: factor of both sides.
        rois: boxes, N×4: left, top, right, bottom in pixels.
        labels: a text for each box.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    boxes = np.empty((0, 4)) if rois is None else make_np(rois, "rois")
    pixels = boxes_.draw_boxes(make_np(tensor, "tensor"), boxes, labels, rescale)
    height, width, channels = pixels.shape
    return Message("Summary.Image", images.encode_image(height, width, channels, encode_png(pixels)))


def video(tag: str, tensor: Any, fps: float = 4, dataformats: str = "NTCHW") -> Summary:
    """A batch of videos side by side as an animated GIF.

    Args:
        tag: name of the series.
        tensor: N videos of T frames, pixels with 1 to 4 channels: uint8 from 0 to 255, floats from 0 to 1
            (clipped).
        fps: frames per second.
        dataformats: the axes' letters, in the array's order.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(images.video(tag, tensor, fps, dataformats))


def make_video(tensor: Any, fps: float) -> Message:
    """A `Summary.Image` with an animated GIF.

    Args:
        tensor: T×H×W×C pixels in uint8.
        fps: frames per second.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    pixels = make_np(tensor, "tensor")
    _, height, width, channels = pixels.shape
    return Message(
        "Summary.Image", images.encode_image(height, width, channels, videos.encode_gif(pixels, fps))
    )


def _calc_scale_factor(tensor: Any) -> int:
    """What pixels are multiplied by: 1 for uint8, else 255; see `values.png.to_pixels` for integers."""
    return 1 if make_np(tensor, "tensor").dtype == np.uint8 else 255
