"""TensorBoard's histogram bins, and which values fall into them.

Source: torch/utils/tensorboard/writer.py, SummaryWriter.__init__ (default_bins);
    tensorflow/core/lib/histogram/histogram.cc.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongValue
from cupola.values.arguments import as_count, plain_text
from cupola.values.arrays import make_np

RULES: Final = frozenset({"auto", "fd", "doane", "scott", "stone", "rice", "sturges", "sqrt"})
"""NumPy's rules for a number of bins (numpy.histogram_bin_edges)."""

TENSORFLOW: Final = "tensorflow"


@lru_cache
def default_edges() -> NDArray[np.float64]:
    """The 1549 edges from -1e20 to 1e20, each a tenth larger than the one before. One array for all callers,
    who leave it as it is.
    """
    edge, edges = 1e-12, []
    while edge < 1e20:
        edges.append(edge)
        edge *= 1.1
    return np.array([*(-edge for edge in reversed(edges)), 0.0, *edges])


def check_bins(bins: Any) -> str | int | NDArray[np.float64]:
    """What `bins` means: `tensorflow`, one of NumPy's rules, a number of bins, or edges.

    Raises:
        WrongType, WrongValue: anything else.
    """
    if isinstance(bins, str):
        rule = plain_text(bins)
        if rule != TENSORFLOW and rule not in RULES:
            raise WrongValue(
                f"bins is {rule!r}; wanted {TENSORFLOW!r}, one of {sorted(RULES)}, a number of bins, or edges"
            )
        return rule
    array = make_np(bins, "bins")
    if array.ndim == 0:
        return as_count(bins, "bins")
    edges = array.real.astype(np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not np.all(edges[:-1] <= edges[1:]):
        raise WrongValue(
            f"bins has shape {edges.shape}; wanted a list of at least two edges that do not decrease"
        )
    return edges


def merge_bins(
    counts: NDArray[np.int64], limits: NDArray[np.float64], max_bins: int | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Neighbouring bins put together, `len(counts) // max_bins` each, if there are more than `max_bins`."""
    if max_bins is None or len(counts) <= max_bins:
        return counts, limits
    each = len(counts) // max_bins
    starts = np.arange(0, len(counts), each)
    return np.add.reduceat(counts, starts), np.append(limits[:-1:each], limits[-1])


def trim_bins(
    counts: NDArray[np.int64], limits: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts and right edges without the empty bins at both ends, but with one empty bin in front whose right
    edge is the first left edge.

    No value in any bin: one empty bin.
    """
    used = np.flatnonzero(counts)
    if not len(used):
        return counts[:0].copy(), limits[:0].copy()
    first, last = int(used[0]), int(used[-1]) + 1
    return np.concatenate([counts[:0], [0], counts[first:last]]).astype(np.int64), limits[first : last + 1]
