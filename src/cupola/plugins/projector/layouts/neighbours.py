"""The k nearest neighbours of every point, with progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola import _codec

EXACT_POINTS: Final = 8192
"""Up to so many points all pairs are compared."""

ROUGH_NEIGHBOURS: Final = 15

_GRAPH_NEIGHBOURS: Final = 30
"""Neighbours in the graph that NN-descent improves; more than that are found through it."""
_TREES: Final = 8
_MOST_ROUNDS: Final = 12
_SETTLED: Final = 0.08
"""NN-descent ends with a round that replaced less than this share of all neighbours."""


def rough_neighbours(
    points: NDArray[np.float32], *, seed: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """`ROUGH_NEIGHBOURS` near points of each, as `nearest_neighbours` gives them: what two random trees find,
    in a twentieth of its time.
    """
    graph = _codec.KnnGraph(points, ROUGH_NEIGHBOURS, seed)
    graph.plant_tree()
    graph.plant_tree()
    return graph.sorted(ROUGH_NEIGHBOURS)


def nearest_neighbours(
    points: NDArray[np.float32], k: int, *, seed: int, progress: Callable[[float], Any]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Indices and squared Euclidean distances, N×k, by rising distance; the point itself is left out.

    Exact up to `EXACT_POINTS` points, else approximate.

    Args:
        points: N×D, C-contiguous.
        k: from 1 to N - 1.
        seed: of the random trees.
        progress: is told a share of the work from 0 to 1, now and then.
    """
    count = len(points)
    if count <= EXACT_POINTS:
        graph = _codec.KnnGraph(points, k, seed)
        for start in range(0, count, 1024):
            graph.compare_all(start, min(start + 1024, count))
            progress(start / count)
        return graph.sorted(k)
    own = min(k, _GRAPH_NEIGHBOURS)
    graph = _codec.KnnGraph(points, own, seed)
    for tree in range(_TREES):
        graph.plant_tree()
        progress(0.3 * (tree + 1) / _TREES)
    for round_ in range(_MOST_ROUNDS):
        replaced = graph.refine()
        progress(0.3 + 0.5 * (round_ + 1) / (round_ + 3))
        if replaced < _SETTLED * own * count:
            break
    return graph.sorted(k)
