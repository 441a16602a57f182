"""Neighbours that stayed, came and went from one step to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.neighbours import nearest_neighbours
from cupola.plugins.projector.neighbours import distances, nearest
from cupola.plugins.projector.pca import finite_rows

METRICS: Final = ("cosine", "euclidean")
"""For all points at once."""

_TOGETHER: Final = 10_000
"""Points whose neighbours are compared in one call."""

Matrix = NDArray[np.float32]


def kept_shares(
    before: Matrix,
    after: Matrix,
    places: NDArray[np.int32],
    k: int,
    metric: str,
    progress: Callable[[str, float], Any] = lambda stage, share: None,
) -> NDArray[np.float32]:
    """For each point the share of its k nearest neighbours that were among its k nearest before.

    Args:
        before: N×D of the earlier step.
        after: M×E of the later one.
        places: of each point of the later step its index in the earlier one, -1 where it is new.
        k: at least 1; fewer where there are fewer points.
        metric: one of `METRICS`.
        progress: is told `neighbours` and a share of the work.

    NaN for points that are new or not finite. Exact up to 8192 points, above with about 0.99 of the
    neighbours (docs/design/0009-projector-layouts.md).
    """
    was = _graph(before, k, metric, lambda share: progress("neighbours", share / 2))
    now = _graph(after, k, metric, lambda share: progress("neighbours", 0.5 + share / 2))
    shares = np.full(len(after), np.nan, np.float32)
    size = min(was.shape[1], now.shape[1])
    both = np.flatnonzero((places >= 0) & (now[:, :1] >= 0).any(axis=1))
    both = both[(was[places[both], :1] >= 0).any(axis=1)]
    # What was near is named by the earlier step's numbers, so what is near is too; new points were nowhere.
    for start in range(0, len(both) if size else 0, _TOGETHER):
        rows = both[start : start + _TOGETHER]
        near = np.where(now[rows, :size] >= 0, places[now[rows, :size]], -1)
        found = (near[:, :, None] == was[places[rows], None, :size]) & (near >= 0)[:, :, None]
        shares[rows] = found.any(axis=2).sum(axis=1) / size
    return shares


def _graph(matrix: Matrix, k: int, metric: str, progress: Callable[[float], Any]) -> NDArray[np.int32]:
    """N×k rows of the nearest neighbours; -1 for rows that are not finite."""
    rows = np.flatnonzero(finite_rows(matrix))
    k = min(k, len(rows) - 1)
    if k < 1 or matrix.shape[1] == 0:
        return np.full((len(matrix), 0), -1, np.int32)
    points = np.ascontiguousarray(matrix[rows], np.float32)
    if metric == "cosine":
        lengths = np.linalg.norm(points.astype(np.float64), axis=1, keepdims=True)
        points = (points / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    else:
        points = points - points.mean(axis=0)
        points /= np.float32(float(np.abs(points).max()) or 1.0)
    indices, _ = nearest_neighbours(points, k, seed=0, progress=progress)
    out = np.full((len(matrix), k), -1, np.int32)
    out[rows] = rows[indices]
    return out


def changed_neighbours(
    before: Matrix, after: Matrix, places: NDArray[np.int32], index: int, count: int, metric: str
) -> dict[str, Any]:
    """What became of a point's nearest neighbours from an earlier step to a later one.

    Args:
        before: N×D.
        after: M×E.
        places: of each point of the later step its index in the earlier one, -1 where it is new.
        index: of the point in the later step; it is in both.
        count: how many neighbours at each step.
        metric: see `neighbours.distances`.

    Returns:
        `kept`, `gained` and `lost`, each with `indices` (in the later step; of a point that is gone -1),
        `places` (in the earlier step, or -1), and the distances `before` and `after`; None where a point is
        not there. Lists are in the order of the later step's distances, `lost` in that of the earlier one.
    """
    place = int(places[index])
    back = np.full(len(before), -1, np.int32)
    back[places[places >= 0]] = np.flatnonzero(places >= 0)
    near = nearest(after, index, count, metric)[0]
    near_before = nearest(before, place, count, metric)[0]
    old = set(near_before.tolist())
    stayed = np.array([int(places[at]) in old for at in near], bool)
    now = set(places[near[stayed]].tolist())
    gone = np.array([at for at in near_before.tolist() if at not in now], np.int64)

    def described(indices: NDArray[Any], spots: NDArray[Any]) -> dict[str, Any]:
        return {
            "indices": indices.tolist(),
            "places": spots.tolist(),
            "before": _away(before, place, spots, metric),
            "after": _away(after, index, indices, metric),
        }

    return {
        "kept": described(near[stayed], places[near[stayed]]),
        "gained": described(near[~stayed], places[near[~stayed]]),
        "lost": described(back[gone], gone),
    }


def _away(matrix: Matrix, origin: int, rows: NDArray[Any], metric: str) -> list[float | None]:
    """Distances of some rows, None where a row is -1 or not finite."""
    there = rows[rows >= 0]
    found = iter(distances(matrix[np.concatenate([[origin], there])], 0, metric)[1:].tolist())
    away = [next(found) if row >= 0 else None for row in rows.tolist()]
    return [value if value is not None and np.isfinite(value) else None for value in away]
