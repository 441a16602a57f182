"""How much of the neighbourhoods in all dimensions is left in a layout."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS: Final = 15

_BUDGET: Final = 8e9
"""Distances times dimensions (and what comparing them costs) that are computed: about a second."""
_COMPARING: Final = 60
_MOST_SAMPLED: Final = 2000
_BLOCK_VALUES: Final = 1_000_000
_TOGETHER: Final = 32


@dataclass(frozen=True, slots=True)
class Quality:
    """Of a layout, measured at some of its points (`sample`) among all of them."""

    k: int
    trustworthiness: float
    """1 where the k neighbours in the layout are neighbours in all dimensions too, about 0.5 by chance."""
    sample: NDArray[np.int32]
    """Rows at which it is measured."""
    in_layout: NDArray[np.int32]
    """Rows of the k nearest neighbours of each in the layout, one after the other."""
    in_data: NDArray[np.int32]
    """The same in all dimensions."""

    def at(self, rows: NDArray[np.int64]) -> Quality:
        """The same of a matrix in which these rows are at `rows`."""
        places = [rows[part].astype(np.int32) for part in (self.sample, self.in_layout, self.in_data)]
        return Quality(self.k, self.trustworthiness, *places)


def measure(matrix: NDArray[np.float32], layout: NDArray[np.float32], seed: int = 0) -> Quality | None:
    """The quality of an M×2 or M×3 layout of an M×D matrix, both finite; None of fewer than four points or
    no dimensions.

    Above about a million numbers a random sample of points stands for all; their neighbours are sought among
    all.

    Source: Venna, Kaski, "Neighborhood preservation in nonlinear projection methods" (ICANN 2001);
    `sklearn.manifold.trustworthiness` is its oracle.
    """
    count = len(matrix)
    if count < 4 or matrix.shape[1] == 0:
        return None
    k = min(NEIGHBOURS, (count - 1) // 2)
    affordable = int(_BUDGET / (count * (matrix.shape[1] + _COMPARING)))
    size = min(count, max(50, min(affordable, _MOST_SAMPLED)))
    sample = np.arange(count)
    if size < count:
        sample = np.sort(np.random.default_rng(seed).choice(count, size, replace=False))
    in_layout, in_data = np.empty((2, size, k), np.int32)
    penalty = 0.0
    for start in range(0, size, _TOGETHER):
        rows = sample[start : start + _TOGETHER]
        for at, near, away in zip(
            range(start, size), _squared_from(layout, rows), _squared_from(matrix, rows), strict=False
        ):
            in_layout[at] = _nearest(near, k)
            in_data[at] = _nearest(away, k)
            ranks = np.count_nonzero(away < away[in_layout[at]][:, None], axis=1) + 1
            penalty += float(np.maximum(ranks - k, 0).sum())
    trust = 1 - penalty / size * 2 / (k * (2 * count - 3 * k - 1))
    return Quality(k, trust, sample.astype(np.int32), in_layout.ravel(), in_data.ravel())


def as_document(quality: Quality | None) -> dict[str, Any] | None:
    """As columns (docs/http_api.md)."""
    return None if quality is None else asdict(quality)


def _squared_from(matrix: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Squared distances of all rows from some of them, one row for each of those; itself at infinity."""
    mean = matrix.mean(axis=0, dtype=np.float64)
    origins = matrix[rows] - mean
    # The squares of float32's largest numbers are none.
    origins /= (scale := float(np.abs(matrix).max()) or 1.0)
    out = np.empty((len(rows), len(matrix)))
    step = max(1, _BLOCK_VALUES // matrix.shape[1])
    for start in range(0, len(matrix), step):
        block = (matrix[start : start + step] - mean) / scale
        product = origins @ block.T
        out[:, start : start + step] = np.einsum("ij,ij->i", block, block) - 2 * product
    out += np.einsum("ij,ij->i", origins, origins)[:, None]
    np.maximum(out, 0, out=out)
    out[np.arange(len(rows)), rows] = np.inf
    return out


def _nearest(away: NDArray[Any], k: int) -> NDArray[np.int64]:
    found = np.argpartition(away, k - 1)[:k]
    return found[np.argsort(away[found], kind="stable")]
