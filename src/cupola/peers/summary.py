"""The peers' module of the same name: functions that give a `Summary` for
`writer.file_writer.add_summary(...)`.

Names and signatures are those of `torch.utils.tensorboard.summary` and `tensorboardX.summary`; where both put
different things in one place, the argument's type tells. Encoding is done at once; `SummaryWriter`'s own
methods do the same in the background.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cupola.errors import WrongValue
from cupola.events import event, wire
from cupola.peers.message import HalfBits, Message, Summary, encoded
from cupola.peers.picture_summary import _calc_scale_factor as _calc_scale_factor
from cupola.peers.picture_summary import draw_boxes, image, image_boxes, make_image, make_video, video
from cupola.plugins.audio import encode as _audio
from cupola.plugins.custom_scalars import encode as _custom_scalars
from cupola.plugins.histograms import bins as _bins
from cupola.plugins.histograms import encode as _histograms
from cupola.plugins.hparams import encode as _hparams
from cupola.plugins.mesh import encode as _mesh
from cupola.plugins.pr_curves import encode as _pr_curves
from cupola.plugins.pr_curves.encode import compute_curve
from cupola.plugins.scalars import encode as _scalars
from cupola.plugins.tensor import encode as _tensor
from cupola.plugins.text import encode as _text
from cupola.values.arguments import check_tag
from cupola.values.arrays import make_np
from cupola.writer.untraced import untraced

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
    """One number.

    Args:
        name: name of the series.
        tensor: the number, or an array of one.
        collections: ignored. A string here is tensorboardX's `display_name`.
        new_style: as a tensor instead of a `simple_value`. A string here is tensorboardX's
            `summary_description`.
        double_precision: a float64 in the tensor of `new_style`.
        display_name: a title other than the name.
        summary_description: Markdown.
        scalar: tensorboardX's name of `tensor`; it wins.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
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
    """An array as it is.

    Args:
        tag: name of the series.
        tensor: numbers of any shape.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_tensor.tensor(tag, tensor))


def half_to_int(f: float) -> int:
    """A float's bits as a float32; see `int_to_half`.

    Args:
        f: a number.
    """
    return int(struct.unpack("i", struct.pack("f", f))[0])


def int_to_half(i: int) -> float:
    """What an entry of `half_val` stands for: those of `tensor_proto` are the 16 bits that the format asks
    for, those of `half_to_int` 32.

    Args:
        i: an entry of `half_val`, or what `half_to_int` gave.
    """
    if isinstance(i, HalfBits):
        return i.value
    return float(struct.unpack("f", struct.pack("i", i))[0])


def histogram(name: str, values: Any, bins: Any, max_bins: int | None = None) -> Summary:
    """The distribution of all elements.

    Args:
        name: name of the series.
        values: numbers of any shape, at least one.
        bins: edges, a number of bins, or one of NumPy's rules; `writer.default_bins` are TensorBoard's.
        max_bins: neighbouring bins are put together until there are about as many.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    _refuse_tensorflow(bins)
    return encoded(_histograms.histogram(name, values, bins, max_bins))


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
    """A histogram that was counted elsewhere.

    Args:
        name: name of the series.
        min: the smallest value.
        max: the largest value.
        num: how many values there were.
        sum: their sum.
        sum_squares: the sum of their squares.
        bucket_limits: right edges, not decreasing.
        bucket_counts: one for each right edge.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(
        _histograms.histogram_raw(name, min, max, num, sum, sum_squares, bucket_limits, bucket_counts)
    )


def make_histogram(values: Any, bins: Any, max_bins: int | None = None) -> Message:
    """A `HistogramProto` of all elements.

    Args:
        values: numbers of any shape, at least one.
        bins: edges, a number of bins, or one of NumPy's rules.
        max_bins: neighbouring bins are put together until there are about as many.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    _refuse_tensorflow(bins)
    array = make_np(values, "values")
    if not array.size:
        raise WrongValue(f"values has shape {array.shape} and no element; wanted at least one")
    made = _histograms.make_histogram(array, _bins.check_bins(bins), max_bins)
    return Message("HistogramProto", _histograms.encode_histogram(made))


def audio(tag: str, tensor: Any, sample_rate: int = 44100) -> Summary:
    """A piece of audio.

    Args:
        tag: name of the series.
        tensor: samples from -1 to 1 (clipped), or int16: L, 1×L or L×1; L×2 or 2×L is stereo.
        sample_rate: in Hz.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_audio.audio(tag, tensor, sample_rate))


def custom_scalars(layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> Summary:
    """A layout of charts.

    Args:
        layout: `{category: {title: ["Multiline" or "Margin", tags]}}`.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_custom_scalars.layout(layout))


def text(tag: str, text: str) -> Summary:
    """A text.

    Args:
        tag: name of the series.
        text: a string, which may be Markdown.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_text.text(tag, text))


def pr_curve(
    tag: str, labels: Any, predictions: Any, num_thresholds: int = 127, weights: Any = None
) -> Summary:
    """The precision-recall curve of a binary classifier.

    Args:
        tag: name of the series.
        labels: the truth, 0 or 1 for each sample.
        predictions: probabilities from 0 to 1, as many.
        num_thresholds: at least 1; more than 127 count as 127.
        weights: of the samples: a number, or as many as there are samples.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_pr_curves.pr_curve(tag, labels, predictions, num_thresholds, weights))


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
    """A precision-recall curve that was computed elsewhere.

    Args:
        tag: name of the series.
        tp: true positives, a number for each threshold, as all that follow.
        fp: false positives.
        tn: true negatives.
        fn: false negatives.
        precision: from 0 to 1.
        recall: from 0 to 1.
        num_thresholds: how many there are, at most 127.
        weights: accepted for compatibility and ignored.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_pr_curves.pr_curve_raw(tag, tp, fp, tn, fn, precision, recall, num_thresholds, weights))


def mesh(
    tag: str,
    vertices: Any,
    colors: Any = None,
    faces: Any = None,
    config_dict: Mapping[str, Any] | None = None,
    display_name: str | None = None,
    description: str | None = None,
) -> Summary:
    """Meshes, or point clouds if there are no faces.

    Args:
        tag: name of the series.
        vertices: B×N×3 coordinates.
        colors: B×N×3: red, green and blue of each vertex, from 0 to 255.
        faces: B×M×3 indices of vertices.
        config_dict: camera, lights and material for three.js; anything that JSON takes.
        display_name: a title other than the tag.
        description: Markdown.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    return encoded(_mesh.mesh(tag, vertices, colors, faces, config_dict, display_name, description))


def hparams(
    hparam_dict: Mapping[str, Any],
    metric_dict: Mapping[str, Any],
    hparam_domain_discrete: Mapping[str, list[Any]] | None = None,
) -> tuple[Summary, Summary, Summary]:
    """Three summaries: the experiment, the session's start, its end.

    Args:
        hparam_dict: names to booleans, numbers and strings; anything else is kept as text.
        metric_dict: whose names are the metrics.
        hparam_domain_discrete: names to all values they can take.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    experiment, start, end = _hparams.hparams(hparam_dict, metric_dict, hparam_domain_discrete).encode()
    return Summary(experiment), Summary(start), Summary(end)


def _refuse_tensorflow(bins: Any) -> None:
    """In both peers' modules the name means nothing, and NumPy's error is all that callers get."""
    if isinstance(bins, str) and bins == _bins.TENSORFLOW:
        raise WrongValue(
            f"bins is {bins!r}, which only add_histogram knows; wanted edges: use writer.default_bins"
        )


for _name in __all__:
    untraced(globals()[_name])
