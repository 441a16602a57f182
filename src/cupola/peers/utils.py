"""What programs import from `tensorboardX.utils` and `torch.utils.tensorboard._utils`, by their names;
`cupola.compat` hands it out.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.images import frames
from cupola.plugins.images.figures import figure_to_image

__all__ = ["_prepare_video", "convert_to_HWC", "convert_to_NTCHW", "figure_to_image", "make_grid"]

Number = TypeVar("Number", bound=np.generic)


def convert_to_HWC(tensor: NDArray[Number], input_format: str) -> NDArray[Number]:
    """Height x width x channels of one image, or of a batch's grid; grey becomes RGB."""
    letters = frames.check_axes(np.shape(tensor), input_format, ("HW", "CHW", "NCHW"), "tensor")
    return frames.to_hwc(tensor, letters)


def convert_to_NTCHW(tensor: NDArray[Number], input_format: str) -> NDArray[Number]:
    """The axes of a batch of videos in this order."""
    letters = frames.check_axes(np.shape(tensor), input_format, ("NTCHW",), "tensor")
    return tensor.transpose([letters.index(axis) for axis in "NTCHW"])


def make_grid(I: NDArray[Number], ncols: int = frames.COLUMNS) -> NDArray[Number]:  # noqa: E741
    """A batch, N x C x H x W, as one image, C x H x W."""
    frames.check_axes(np.shape(I), "NCHW", ("NCHW",), "I")
    return frames.to_hwc(I, "NCHW", ncols).transpose(2, 0, 1)


def _prepare_video(V: NDArray[Any]) -> NDArray[Any]:
    """A batch of videos, N x T x C x H x W, side by side: T x height x width x C; uint8 becomes 0 to 1."""
    frames.check_axes(np.shape(V), "NTCHW", ("NTCHW",), "V")
    return frames.to_frames(V.astype(np.float32) / 255 if V.dtype == np.uint8 else V, "NTCHW")
