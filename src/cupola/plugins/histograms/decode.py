"""Histograms from an event file's bytes, exact: the bins as they were logged, in double precision.

Source: tensorboard/compat/proto/summary.proto (`HistogramProto`), tensorboard/data_compat.py
(`_migrate_histogram_value`),
tensorboard/plugins/histogram/summary_v2.py (`[k, 3]`: left, right, count), tensorboard 2.21.0
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.errors import DecodeError
from cupola.events import event, tensor, wire
from cupola.plugins.histograms.bins import default_edges

Doubles: TypeAlias = "NDArray[np.float64]"

_DOUBLE_MAX: Final = float(np.finfo(np.float64).max)

_MIN, _MAX, _NUM, _SUM, _SUM_SQUARES, _LIMIT, _BUCKET = range(1, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """The distribution of one step. Bins of no count are left out; `left[i] == right[i]` is a bin at one
    value.
    """

    left: Doubles
    """Lower edges, rising."""
    right: Doubles
    """Upper edges, `right[i] >= left[i]`."""
    count: Doubles
    """How many values lie in each bin, > 0."""

    @property
    def total(self) -> float:
        """Sum of the counts."""
        return float(self.count.sum())


def decode(value: bytes | memoryview) -> Histogram:
    """The histogram in an encoded `Summary.Value`: of the old form (field `histo`) or of the new one (a [k,
    3] tensor).

    Raises:
        DecodeError: the value holds no histogram, or bins that cannot be.
    """
    found = event.decode_value(value)
    if not isinstance(found.data, bytes) or found.form not in (event.HISTO, event.TENSOR):
        raise DecodeError(
            f"a value of form {found.form} is no histogram; wanted field 5 (histo) or 8 (tensor)"
        )
    return _from_histo(found.data) if found.form == event.HISTO else _from_tensor(found.data)


def _from_histo(message: bytes) -> Histogram:
    """Of this form the outermost limits may be +-1.8e308, where the smallest and largest value are true."""
    numbers = {_MIN: 0.0, _MAX: 0.0, _NUM: 0.0, _SUM: 0.0, _SUM_SQUARES: 0.0}
    lists: dict[int, list[Doubles]] = {_LIMIT: [], _BUCKET: []}
    for number, wire_type, value in wire.fields(message):
        if number in numbers and wire_type == wire.FIXED64 and isinstance(value, int):
            numbers[number] = wire.as_double(value)
        elif number in lists:
            lists[number].append(_doubles(wire_type, value))
    limit, bucket = (np.concatenate(parts) if parts else np.empty(0) for parts in lists.values())
    if len(limit) != len(bucket):
        raise DecodeError(
            f"a histogram of {len(limit)} limits and {len(bucket)} counts; wanted as many of each"
        )
    used = np.flatnonzero(bucket)
    if not len(used):
        return Histogram(bucket, bucket, bucket)
    left = np.concatenate([[-np.inf], limit[:-1]])
    first, last = used[0], used[-1]
    right = limit.copy()
    low, high = numbers[_MIN], numbers[_MAX]
    if low == high:
        left[first], right[last] = (
            _within(low, left[first], limit[first]),
            _within(high, limit[last], left[last]),
        )
    else:
        left[first] = _outer_edge(low, left[first], limit[first])
        right[last] = _outer_edge(high, limit[last], left[last])
    return _checked(left, right, bucket)


def _outer_edge(extreme: float, outer: float, inner: float) -> float:
    """The outer edge of the outermost used bin, of values that are not all the same.

    An edge that someone chose stays: a bin keeps its width, and its density. That is so for whole numbers
    too, whose largest lies on the *inner* edge of its bin. Where nobody chose it, in the bins that all
    histograms of the peers have unless they say otherwise, the smallest (or largest) value tells more.
    """
    if abs(outer) < _DOUBLE_MAX and not {outer, inner} <= _default_edges():
        return outer
    edge = _within(extreme, outer, inner)
    return outer if edge == inner and abs(outer) < _DOUBLE_MAX else edge


def _within(extreme: float, outer: float, inner: float) -> float:
    """The smallest (or largest) value, where it is known, moved into the outermost used bin.

    Where values beyond all bins were dropped it lies outside; where a NaN was among the values it is NaN.
    """
    if np.isnan(extreme):
        return outer if abs(outer) < _DOUBLE_MAX else inner
    low, high = min(outer, inner), max(outer, inner)
    return float(min(max(extreme, low), high))


@lru_cache
def _default_edges() -> frozenset[float]:
    return frozenset(default_edges().tolist())


def _doubles(wire_type: int, value: int | memoryview) -> Doubles:
    if wire_type == wire.FIXED64 and isinstance(value, int):
        return np.array([wire.as_double(value)])
    view = wire.view_of(value)
    if len(view) % 8:
        raise DecodeError(f"{len(view)} bytes are no whole number of doubles")
    return np.frombuffer(view, "<f8")


def _from_tensor(message: bytes) -> Histogram:
    bins: Any = tensor.decode_tensor(message)
    if isinstance(bins, list) or bins.dtype.kind not in "fiu":
        raise DecodeError("a histogram is a tensor of numbers; this one holds something else")
    if not bins.size:
        return Histogram(np.empty(0), np.empty(0), np.empty(0))
    if bins.ndim != 2 or bins.shape[1] != 3:
        raise DecodeError(
            f"a histogram tensor of shape {list(bins.shape)}; wanted [k, 3]: left, right, count"
        )
    left, right, count = bins.astype(np.float64).T
    return _checked(left, right, count)


def _checked(left: Doubles, right: Doubles, count: Doubles) -> Histogram:
    """The used bins, or the error that names the first impossible one."""
    used = np.flatnonzero(count)
    left, right, count = left[used], right[used], count[used]
    wrong = ~(np.isfinite(left) & np.isfinite(right) & np.isfinite(count) & (left <= right) & (count > 0))
    wrong[1:] |= ~(left[1:] >= left[:-1])
    if wrong.any():
        i = int(wrong.argmax())
        raise DecodeError(f"histogram bin {used[i]} runs from {left[i]} to {right[i]} with count {count[i]}")
    return Histogram(left, right, count)
