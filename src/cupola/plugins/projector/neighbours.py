"""The nearest neighbours of a point, over all points and all dimensions."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

METRICS: Final = ("cosine", "euclidean", "dot")

_BLOCK_VALUES: Final = 4_000_000


def distances(matrix: NDArray[np.float32], index: int, metric: str) -> NDArray[np.float64]:
    """Distances of all rows from row `index`; NaN from and to rows that are not finite.

    Args:
        matrix: N×D.
        index: of the row.
        metric: `cosine` (one less the cosine of the angle; a zero row is at 1 from all), `euclidean`, or
            `dot` (the negative dot product, so that the most alike are the nearest here too).
    """
    origin = matrix[index].astype(np.float64)
    out = np.empty(len(matrix))
    step = max(1, _BLOCK_VALUES // matrix.shape[1])
    with np.errstate(invalid="ignore", over="ignore"):
        for start in range(0, len(matrix), step):
            block = matrix[start : start + step].astype(np.float64)
            out[start : start + step] = _DISTANCES[metric](block, origin)
    return out


def _euclidean(block: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[Any]:
    away: NDArray[np.float64] = np.linalg.norm(block - origin, axis=1)
    return away


def _dot(block: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[Any]:
    product: NDArray[np.float64] = -(block @ origin)
    product[~np.isfinite(block).all(axis=1) | ~np.isfinite(origin).all()] = np.nan
    return product


def _cosine(block: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[Any]:
    lengths = np.linalg.norm(block, axis=1) * np.linalg.norm(origin)
    cosine = (block @ origin) / np.where(lengths == 0, 1, lengths)
    return 1 - np.clip(cosine, -1, 1)


_DISTANCES: Final = {"cosine": _cosine, "euclidean": _euclidean, "dot": _dot}


def nearest(
    matrix: NDArray[np.float32], index: int, count: int, metric: str
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indices and distances of the `count` rows nearest to row `index`, itself left out, by rising distance.

    Fewer where fewer rows are finite; equal distances by index.
    """
    away = distances(matrix, index, metric)
    away[index] = np.nan
    usable = np.flatnonzero(~np.isnan(away))
    if count < len(usable):
        usable = np.sort(usable[np.argpartition(away[usable], count)[:count]])
    order = usable[np.argsort(away[usable], kind="stable")]
    return order, away[order]
