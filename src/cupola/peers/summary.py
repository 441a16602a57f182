"""The peers' module of the same name: functions that give a `Summary` for
`writer.file_writer.add_summary(...)`.

Names and signatures are those of `torch.utils.tensorboard.summary` and `tensorboardX.summary`; where both put
different things in one place, the argument's type tells. Encoding is done at once; `SummaryWriter`'s own
methods do the same in the background.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cupola.errors import WrongValue
from cupola.events import event, wire
from cupola.peers.message import HalfBits, Message
from cupola.plugins.audio import encode as _audio
from cupola.plugins.custom_scalars import encode as _custom_scalars
from cupola.plugins.histograms import bins as _bins
from cupola.plugins.histograms import encode as _histograms
from cupola.plugins.hparams import encode as _hparams
from cupola.plugins.images import boxes as _boxes
from cupola.plugins.images import encode as _images
from cupola.plugins.images import videos as _videos
from cupola.plugins.mesh import encode as _mesh
from cupola.plugins.pr_curves import encode as _pr_curves
from cupola.plugins.pr_curves.encode import compute_curve
from cupola.plugins.scalars import encode as _scalars
from cupola.plugins.tensor import encode as _tensor
from cupola.plugins.text import encode as _text
from cupola.values.arguments import check_tag
from cupola.values.arrays import make_np
from cupola.values.deferred import Deferred
from cupola.values.png import encode_png
from cupola.writer.untraced import untraced

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

__all__ = [
    "Summary",
    "audio",
    "compute_curve",
    "custom_scalars",
    "draw_boxes",
    "half_to_int",
    "histogram",
    "histogram_raw",
    "hparams",
    "image",
    "image_boxes",
    "int_to_half",
    "make_histogram",
    "make_image",
    "make_video",
    "mesh",
    "pr_curve",
    "pr_curve_raw",
    "scalar",
    "tensor_proto",
    "text",
    "video",
]


class Summary(Message):
    """Encoded values. `SerializeToString()` gives the bytes, `value` the list of them, each with protobuf's
    field names.
    """

    __slots__ = ()

    def __init__(self, *values: bytes) -> None:
        super().__init__("Summary", event.encode_summary(*values))


def scalar(
    name: str,
    tensor: Any = None,
    collections: Any = None,
    new_style: bool | str = False,
    double_precision: bool = False,
    display_name: str = "",
    summary_description: str = "",
    *,
    scalar: Any = None,
) -> Summary:
    """One number. A string as third or fourth argument is tensorboardX's `display_name` or
    `summary_description`.
    """
    if isinstance(collections, str):
        display_name = collections
    if isinstance(new_style, str):
        new_style, summary_description = False, new_style  # type: ignore[assignment]
    value = _scalars.as_float(tensor if scalar is None else scalar, "tensor")
    if not new_style:
        style = _scalars.ScalarStyle(display_name=display_name, description=summary_description)
        return Summary(_scalars.scalar(check_tag(name), value, style))
    dtype, listed, packed = (2, 6, "<d") if double_precision else (1, 5, "<f")
    with np.errstate(over="ignore"):
        rounded = value if double_precision else float(np.float32(value))
    data = wire.field_varint(1, dtype) + wire.field_bytes(listed, struct.pack(packed, rounded))
    metadata = event.SummaryMetadata("scalars", b"", display_name, summary_description)
    return Summary(event.encode_value(check_tag(name), event.TENSOR, data, metadata))


def tensor_proto(tag: str, tensor: Any) -> Summary:
    """An array as it is."""
    return _now(_tensor.tensor(tag, tensor))


def half_to_int(f: float) -> int:
    """A float's bits as a float32; see `int_to_half`."""
    return int(struct.unpack("i", struct.pack("f", f))[0])


def int_to_half(i: int) -> float:
    """What an entry of `half_val` stands for: those of `tensor_proto` are the 16 bits that the format asks
    for, those of `half_to_int` 32.
    """
    if isinstance(i, HalfBits):
        return i.value
    return float(struct.unpack("f", struct.pack("i", i))[0])


def histogram(name: str, values: Any, bins: Any, max_bins: int | None = None) -> Summary:
    """The distribution of all elements; `bins` are edges, a number, or one of NumPy's rules
    (`writer.default_bins` are TensorBoard's).
    """
    _refuse_tensorflow(bins)
    return _now(_histograms.histogram(name, values, bins, max_bins))


def histogram_raw(
    name: str,
    min: float,
    max: float,
    num: float,
    sum: float,
    sum_squares: float,
    bucket_limits: Any,
    bucket_counts: Any,
) -> Summary:
    """A histogram that was counted elsewhere; `bucket_limits` are right edges."""
    return _now(
        _histograms.histogram_raw(name, min, max, num, sum, sum_squares, bucket_limits, bucket_counts)
    )


def make_histogram(values: Any, bins: Any, max_bins: int | None = None) -> Message:
    """A `HistogramProto` of all elements."""
    _refuse_tensorflow(bins)
    array = make_np(values, "values")
    if not array.size:
        raise WrongValue(f"values has shape {array.shape} and no element; wanted at least one")
    made = _histograms.make_histogram(array, _bins.check_bins(bins), max_bins)
    return Message("HistogramProto", _histograms.encode_histogram(made))


def image(tag: str, tensor: Any, rescale: float = 1, dataformats: str | None = None) -> Summary:
    """One image, or a batch as one grid. `dataformats` is `CHW` for three axes and `NCHW` for four if it is
    not given.
    """
    dataformats = dataformats or ("NCHW" if np.ndim(tensor) == 4 else "CHW")
    if rescale != 1:
        return image_boxes(tag, tensor, np.empty((0, 4)), rescale, dataformats)
    return _now(_images.image(tag, tensor, dataformats))


def image_boxes(
    tag: str,
    tensor_image: Any,
    tensor_boxes: Any,
    rescale: float = 1,
    dataformats: str = "CHW",
    labels: Sequence[str] | str | None = None,
) -> Summary:
    """One image with red boxes, N x 4: left, top, right, bottom in pixels."""
    return _now(_images.image_with_boxes(tag, tensor_image, tensor_boxes, rescale, dataformats, labels))


def draw_boxes(disp_image: PillowImage, boxes: Any, labels: Sequence[str] | None = None) -> PillowImage:
    """A Pillow image with red boxes drawn into it."""
    return _boxes.draw_into(disp_image, make_np(boxes, "boxes"), labels)


def make_image(
    tensor: Any, rescale: float = 1, rois: Any = None, labels: Sequence[str] | None = None
) -> Message:
    """A `Summary.Image` of pixels, height x width x channels in uint8, with boxes `rois`."""
    boxes = np.empty((0, 4)) if rois is None else make_np(rois, "rois")
    pixels = _boxes.draw_boxes(make_np(tensor, "tensor"), boxes, labels, rescale)
    height, width, channels = pixels.shape
    return Message("Summary.Image", _images.encode_image(height, width, channels, encode_png(pixels)))


def video(tag: str, tensor: Any, fps: float = 4, dataformats: str = "NTCHW") -> Summary:
    """A batch of videos side by side as an animated GIF."""
    return _now(_images.video(tag, tensor, fps, dataformats))


def make_video(tensor: Any, fps: float) -> Message:
    """A `Summary.Image` with an animated GIF of pixels, time x height x width x channels in uint8."""
    pixels = make_np(tensor, "tensor")
    _, height, width, channels = pixels.shape
    return Message(
        "Summary.Image", _images.encode_image(height, width, channels, _videos.encode_gif(pixels, fps))
    )


def audio(tag: str, tensor: Any, sample_rate: int = 44100) -> Summary:
    """A piece of audio, samples in [-1, 1]."""
    return _now(_audio.audio(tag, tensor, sample_rate))


def custom_scalars(layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> Summary:
    """A layout of charts: `{category: {title: ["Multiline" or "Margin", tags]}}`."""
    return _now(_custom_scalars.layout(layout))


def text(tag: str, text: str) -> Summary:
    """A text."""
    return _now(_text.text(tag, text))


def pr_curve(
    tag: str, labels: Any, predictions: Any, num_thresholds: int = 127, weights: Any = None
) -> Summary:
    """A precision-recall curve of binary labels and predictions in [0, 1]."""
    return _now(_pr_curves.pr_curve(tag, labels, predictions, num_thresholds, weights))


def pr_curve_raw(
    tag: str,
    tp: Any,
    fp: Any,
    tn: Any,
    fn: Any,
    precision: Any,
    recall: Any,
    num_thresholds: int = 127,
    weights: Any = None,
) -> Summary:
    """A precision-recall curve that was computed elsewhere."""
    return _now(_pr_curves.pr_curve_raw(tag, tp, fp, tn, fn, precision, recall, num_thresholds, weights))


def mesh(
    tag: str,
    vertices: Any,
    colors: Any = None,
    faces: Any = None,
    config_dict: Mapping[str, Any] | None = None,
    display_name: str | None = None,
    description: str | None = None,
) -> Summary:
    """Meshes, or point clouds if there are no faces: B x N x 3 each."""
    return _now(_mesh.mesh(tag, vertices, colors, faces, config_dict, display_name, description))


def hparams(
    hparam_dict: Mapping[str, Any],
    metric_dict: Mapping[str, Any],
    hparam_domain_discrete: Mapping[str, list[Any]] | None = None,
) -> tuple[Summary, Summary, Summary]:
    """Three summaries: the experiment, the session's start, its end."""
    experiment, start, end = _hparams.hparams(hparam_dict, metric_dict, hparam_domain_discrete).encode()
    return Summary(experiment), Summary(start), Summary(end)


def _calc_scale_factor(tensor: Any) -> int:
    """What pixels are multiplied by: 1 for uint8, else 255; see `values.png.to_pixels` for integers."""
    return 1 if make_np(tensor, "tensor").dtype == np.uint8 else 255


def _refuse_tensorflow(bins: Any) -> None:
    """In both peers' modules the name means nothing, and NumPy's error is all that callers get."""
    if isinstance(bins, str) and bins == _bins.TENSORFLOW:
        raise WrongValue(
            f"bins is {bins!r}, which only add_histogram knows; wanted edges: use writer.default_bins"
        )


def _now(deferred: Deferred) -> Summary:
    return Summary(*deferred.encode())


for _name in __all__:
    untraced(globals()[_name])
