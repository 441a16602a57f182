"""The nearest neighbours of a point, over all points and all dimensions."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cupola import _codec

METRICS: Final = ("cosine", "euclidean", "dot")


def distances(matrix: NDArray[np.float32], index: int, metric: str) -> NDArray[np.float64]:
    """Distances of all rows from row `index`, in double precision; NaN from and to rows that are not finite.

    Args:
        matrix: N×D.
        index: of the row.
        metric: `cosine` (one less the cosine of the angle; a zero row is at 1 from all), `euclidean`, or
            `dot` (the negative dot product, so that the most alike are the nearest here too).
    """
    return _codec.distances_from(np.ascontiguousarray(matrix), index, metric)


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
        known = away[usable]
        farthest = np.partition(known, count - 1)[count - 1]
        closer, equal = usable[known < farthest], usable[known == farthest]
        usable = np.sort(np.concatenate([closer, equal[: count - len(closer)]]))
    order = usable[np.argsort(away[usable], kind="stable")]
    return order, away[order]
