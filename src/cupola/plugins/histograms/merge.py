"""Histograms over a step, time or clock axis, as many columns as there are pixels: each as logged, or several
exactly merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.histograms.decode import Doubles, Histogram

MAX_BINS: Final = 1024
"""Most bins of a merged column. Above it only every n-th edge is kept and the answer says so."""


def merge(parts: Sequence[Histogram]) -> tuple[Histogram, bool]:
    """The sum of histograms on the union of their edges, and whether that is exact.

    A bin that another's edge cuts is shared out in proportion, which is what a histogram says of the inside
    of a bin. Bins at one value
    stay bins at one value. Counts sum to the parts' counts.

    Args:
        parts: at least one.
    """
    if len(parts) == 1:
        return parts[0], True
    left, right, count = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("left", "right", "count")
    )
    edges = np.unique(np.concatenate([left, right]))
    exact = len(edges) <= MAX_BINS + 1
    if not exact:
        edges = edges[np.linspace(0, len(edges) - 1, MAX_BINS + 1).round().astype(np.intp)]
    single = left == right if exact else np.zeros(len(left), np.bool_)
    wide = ~single
    cells = _spread(left[wide], right[wide], count[wide], edges)
    at_edges = np.bincount(np.searchsorted(edges, left[single]), count[single], len(edges))
    merged_left = np.concatenate([edges, edges[:-1]])
    merged_right = np.concatenate([edges, edges[1:]])
    merged_count = np.concatenate([at_edges, cells])
    order = np.lexsort((merged_right, merged_left))
    order = order[merged_count[order] > 0]
    return Histogram(merged_left[order], merged_right[order], merged_count[order]), exact


def _spread(left: Doubles, right: Doubles, count: Doubles, edges: Doubles) -> Doubles:
    """Counts of the cells between rising edges, each bin shared out by overlap; all bins lie within the
    edges.
    """
    cells = max(len(edges) - 1, 0)
    if not cells:
        return np.zeros(0)
    first = np.clip(np.searchsorted(edges, left, "right") - 1, 0, cells - 1)
    parts = np.maximum(np.searchsorted(edges, right, "left") - first, 1)
    bins = np.repeat(np.arange(len(left)), parts)
    cell = np.arange(len(bins)) + np.repeat(first - (np.cumsum(parts) - parts), parts)
    with np.errstate(all="ignore"):
        overlap = np.minimum(right[bins], edges[cell + 1]) - np.maximum(left[bins], edges[cell])
        share = overlap / (right - left)[bins]
    # A bin of no width, or one so wide that its width overflows, is shared out evenly.
    share = np.where(np.isfinite(share), share, 1.0 / parts[bins])
    shared: Doubles = np.bincount(cell, count[bins] * share, cells).astype(np.float64)
    return shared


class Groups(NamedTuple):
    """Points put into columns: `order[start[i]:start[i + 1]]` are the points of column i."""

    order: NDArray[np.intp]
    start: NDArray[np.intp]


def group(x: Doubles, low: float, high: float, width: int) -> Groups:
    """Columns of the points with low <= x <= high: one per distinct x if they fit in `width` pixels, else one
    per pixel that has points.

    Points without a finite x stand in no column. Within a column points keep their order.
    """
    inside = np.flatnonzero((x >= low) & (x <= high))
    order = inside[np.argsort(x[inside], kind="stable")]
    place = x[order]
    if len(np.unique(place)) > width:
        place = np.minimum((place - low) / (high - low) * width, width - 1).astype(np.int64)
    breaks = np.flatnonzero(place[1:] != place[:-1]) + 1
    start = np.concatenate([[0], breaks, [len(order)]]) if len(order) else np.zeros(1)
    return Groups(order, start.astype(np.intp))


def pick(count: int, wanted: int) -> NDArray[np.intp]:
    """At most `wanted` evenly spaced indices of `count`, the first and the last among them."""
    if count <= wanted:
        return np.arange(count)
    return np.linspace(0, count - 1, wanted).round().astype(np.intp)
