"""Values to the bytes of a histogram.

The form is both peers' `HistogramProto` in field 5 without metadata: every reader of event files knows it.
`num` is how many values were handed over and `min`, `max`, `sum`, `sum_squares` are of the finite ones, so
`num` minus the sum of the buckets is how many were dropped: NaN, infinities, and what lies outside all edges.

Source: tensorboard/compat/proto/histogram.proto (tensorboard 2.21.0); torch/utils/tensorboard/summary.py,
    make_histogram (torch 2.13.0)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola import _codec
from cupola.errors import WrongValue
from cupola.events import event, wire
from cupola.plugins.histograms import device
from cupola.plugins.histograms.bins import TENSORFLOW, check_bins, merge_bins, trim_bins
from cupola.plugins.histograms.bins import default_edges as default_edges
from cupola.plugins.histograms.device import Counted
from cupola.values.arguments import as_count, check_tag
from cupola.values.arrays import Snapshot, as_number, make_np, on_device, snapshot
from cupola.values.deferred import Deferred
from cupola.values.torch_tensors import unseen


@dataclass(frozen=True, slots=True)
class Histogram:
    """What a `HistogramProto` holds."""

    min: float
    max: float
    num: float
    sum: float
    sum_squares: float
    bucket_limit: NDArray[np.float64]
    """Right edges."""
    bucket: NDArray[np.float64]
    """Counts, as many as there are right edges."""


def histogram(tag: str, values: Any, bins: Any = TENSORFLOW, max_bins: int | None = None) -> Deferred:
    """The distribution of all elements of an array.

    Args:
        tag: name of the series.
        values: numbers of any shape, at least one. NaN and infinities are dropped and counted, masked ones
            left out; of complex numbers the real part is taken.
        bins: `tensorflow` (1549 edges from -1e20 to 1e20), one of NumPy's rules (`auto`, `fd` ...), a number
            of bins, or edges.
        max_bins: neighbouring bins are put together until there are about as many.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    rule = check_bins(bins)
    max_bins = None if max_bins is None else as_count(max_bins, "max_bins")
    tensor = on_device(values, "values")
    edges = _edges(rule)
    if tensor is not None and edges is not None and tensor.device.type not in device.NO_FLOAT64:
        _check_some(tuple(tensor.shape))
        with unseen():
            counted = device.start_count(tensor, edges, cached=isinstance(rule, str))
        if counted is not None:
            encode = partial(_encode_counted, tag, counted, edges, tensor.numel(), max_bins)
            return Deferred(tag, edges.nbytes, encode)
    taken = snapshot(values, "values", masked=None)
    if not taken.masked:
        _check_some(taken.shape)
    return Deferred(tag, taken.nbytes, partial(_encode, tag, taken, rule, max_bins))


def histogram_raw(
    tag: str,
    min: float,
    max: float,
    num: float,
    sum: float,
    sum_squares: float,
    bucket_limits: Any,
    bucket_counts: Any,
) -> Deferred:
    """A histogram that was counted elsewhere.

    Args:
        tag: name of the series.
        min: smallest value.
        max: largest value.
        num: number of values.
        sum: of the values.
        sum_squares: of the values.
        bucket_limits: right edges, not decreasing.
        bucket_counts: one for each right edge.

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    limits = _one_dimensional(bucket_limits, "bucket_limits")
    counts = _one_dimensional(bucket_counts, "bucket_counts")
    if len(limits) != len(counts):
        raise WrongValue(
            f"bucket_limits has {len(limits)} elements and bucket_counts {len(counts)}; "
            "wanted one right edge for each count"
        )
    named = {"min": min, "max": max, "num": num, "sum": sum, "sum_squares": sum_squares}
    numbers = {name: as_number(value, name) for name, value in named.items()}
    made = Histogram(**numbers, bucket_limit=limits, bucket=counts)
    return Deferred(tag, limits.nbytes + counts.nbytes, partial(_encode_made, tag, made))


def make_histogram(
    values: NDArray[Any], bins: str | int | NDArray[np.float64], max_bins: int | None = None
) -> Histogram:
    """The histogram of an array of any shape and numeric dtype with at least one element.

    Args:
        values: NaN and infinities are left out.
        bins: as `check_bins` gives them.
        max_bins: see `histogram`.
    """
    flat = np.ravel(values.real, order="K")
    if flat.dtype.kind != "f" or flat.dtype.itemsize not in (4, 8):
        with np.errstate(over="ignore"):
            flat = flat.astype(np.float32 if flat.dtype == np.float16 else np.float64)
    if (edges := _edges(bins)) is not None:
        return _make(_codec.count_bins(flat, edges), edges, flat.size, max_bins)
    wide = flat[np.isfinite(flat)].astype(np.float64)
    if not wide.size:
        return _make((np.empty(0, np.int64), 0, 0.0, 0.0, 0.0, 0.0), np.empty(0), flat.size, max_bins)
    counts, limits = np.histogram(wide, bins)
    with np.errstate(over="ignore", invalid="ignore"):
        statistics = (
            wide.size,
            float(wide.min()),
            float(wide.max()),
            float(wide.sum()),
            float(wide.dot(wide)),
        )
    return _make((counts, *statistics), limits, flat.size, max_bins)


def _make(counted: Counted, edges: NDArray[np.float64], num: int, max_bins: int | None) -> Histogram:
    counts, finite, smallest, largest, total, squares = counted
    if not finite:
        return Histogram(0.0, 0.0, float(num), 0.0, 0.0, np.empty(0), np.empty(0))
    counts, limits = trim_bins(*merge_bins(counts, edges, max_bins))
    return Histogram(smallest, largest, float(num), total, squares, limits, counts.astype(np.float64))


def _edges(bins: str | int | NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The edges, if they do not depend on the values."""
    if isinstance(bins, str) and bins == TENSORFLOW:
        return default_edges()
    return bins if isinstance(bins, np.ndarray) and np.isfinite(bins).all() else None


def encode_histogram(made: Histogram) -> bytes:
    """Bytes of a `HistogramProto`."""
    numbers = (made.min, made.max, made.num, made.sum, made.sum_squares)
    lists = (made.bucket_limit, made.bucket)
    return b"".join(
        [
            *(wire.field_double(number, value) for number, value in enumerate(numbers, 1) if value),
            *(
                wire.field_bytes(number, values.astype("<f8").tobytes())
                for number, values in enumerate(lists, 6)
                if len(values)
            ),
        ]
    )


def _encode(
    tag: str, taken: Snapshot, bins: str | int | NDArray[np.float64], max_bins: int | None
) -> list[bytes]:
    return _encode_made(tag, make_histogram(taken.array(), bins, max_bins))


def _encode_counted(
    tag: str, counted: Callable[[], Counted], edges: NDArray[np.float64], num: int, max_bins: int | None
) -> list[bytes]:
    return _encode_made(tag, _make(counted(), edges, num, max_bins))


def _encode_made(tag: str, made: Histogram) -> list[bytes]:
    return [event.encode_value(tag, event.HISTO, encode_histogram(made))]


def _check_some(shape: tuple[int, ...]) -> None:
    if 0 in shape:
        raise WrongValue(f"values has shape {shape} and no element; wanted at least one")


def _one_dimensional(value: Any, name: str) -> NDArray[np.float64]:
    array = make_np(value, name)
    if array.ndim != 1 or array.dtype.kind == "c":
        raise WrongValue(
            f"{name} has shape {array.shape} and dtype {array.dtype}; wanted real numbers, one dimension"
        )
    return array.astype(np.float64)
