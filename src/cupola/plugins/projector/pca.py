"""Principal components, on the server: the page gets a few columns and not the tensor.

Source: Jolliffe, "Principal Component Analysis" (2002), sections 1.1 and 3.5; for matrices large on both
sides Halko, Martinsson, Tropp, "Finding structure with randomness" (2011), algorithm 4.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

COMPONENTS: Final = 10
EXACT_SIDE: Final = 4096
"""Largest smaller side whose full spectrum is computed; beyond it the leading components are approximated."""

_EXACT_VALUES: Final = 4_000_000
_BLOCK_VALUES: Final = 1_000_000

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Projection:
    """Points on their principal components."""

    components: list[NDArray[np.float32]]
    """Coordinates of the N points by falling variance, at most as many arrays as asked for; NaN where a
    row is not finite."""
    variance: NDArray[np.float64]
    """Fraction of the total variance on each."""
    finite: int
    """Rows without NaN and infinities: the others take no part."""
    approximate: bool

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(part.nbytes for part in self.components)


def pca(matrix: NDArray[np.float32], sphereize: bool = False, components: int = COMPONENTS) -> Projection:
    """The leading principal components of an N×D matrix.

    Args:
        matrix: a row for each point.
        sphereize: points are moved to their centroid and scaled to length 1 first.
        components: how many at most.

    The sign of a component is such that its largest loading is positive, so equal data look equal.
    """
    finite = finite_rows(matrix)
    rows = matrix if finite.all() else matrix[finite]
    count, width = rows.shape
    leading = min(components, count, width)
    if count == 0 or width == 0:
        return Projection([], np.zeros(0), count, False)
    data = Centred(rows, sphereize)
    side = min(count, width)
    if side > EXACT_SIDE:
        loadings, spectrum = _leading(data, leading)
        total = data.total()
    elif width <= count:
        spectrum, vectors = np.linalg.eigh(data.scatter())
        loadings = vectors[:, ::-1][:, :leading]
    else:
        spectrum, vectors = np.linalg.eigh(data.gram())
        loadings = data.times_transposed(vectors[:, ::-1][:, :leading])
        loadings /= np.maximum(np.linalg.norm(loadings, axis=0), np.finfo(np.float64).tiny)
    if side <= EXACT_SIDE:
        total = float(np.maximum(spectrum, 0).sum())
    spectrum = np.maximum(np.sort(spectrum)[::-1][:leading], 0)
    loadings = loadings * np.where(loadings[np.abs(loadings).argmax(axis=0), range(leading)] < 0, -1.0, 1.0)
    projected = data.times(loadings) * data.scale
    # What is left of an eigenvalue that is 0 is rounding, and so is the direction found for it.
    projected[:, spectrum <= total * side * np.finfo(np.float64).eps] = 0
    coordinates = np.full((leading, len(matrix)), np.nan, np.float32)
    coordinates[:, finite] = projected.T
    return Projection(
        list(coordinates), spectrum / total if total else spectrum * 0, count, side > EXACT_SIDE
    )


class Centred:
    """Rows less their mean, over the largest magnitude (so that squares do not overflow), block by block.

    Args:
        rows: N×D, finite, at least one row and one column.
        sphereize: rows are scaled to length 1, and centred again.
    """

    def __init__(self, rows: NDArray[np.float32], sphereize: bool) -> None:
        self.rows = rows
        self.precision: Any = np.float64 if rows.size <= _EXACT_VALUES else np.float32
        self.sphereize = sphereize
        self.step = max(1, _BLOCK_VALUES // rows.shape[1])
        self.scale = 1.0
        self.means: list[NDArray[np.float64]] = [rows.mean(axis=0, dtype=np.float64)]
        largest = max(max(float(block.max()), -float(block.min())) for _, block in self.blocks())
        self.scale = largest or 1.0
        if sphereize:  # unit rows have a mean of their own
            self.scale = 1.0
            self.means.append(
                sum(block.sum(axis=0, dtype=np.float64) for _, block in self.blocks()) / len(rows)
            )

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Where a block of X lies among the rows, and the block."""
        # A mean in two parts, so that its rounding moves no point where it is far larger than they differ.
        near = self.means[0].astype(self.precision)
        rest = (self.means[0] - near).astype(self.precision)
        for start in range(0, len(self.rows), self.step):
            place = slice(start, start + self.step)
            block = self.rows[place] - near
            if rest.any():
                block -= rest
            if self.scale != 1:
                block /= self.precision(self.scale)
            if self.sphereize:
                norm = np.linalg.norm(block, axis=1, keepdims=True)
                block /= np.where(norm == 0, 1, norm)
            for mean in self.means[1:]:
                block -= mean.astype(self.precision)
            yield place, block

    def scatter(self) -> NDArray[np.float64]:
        """XᵀX, D×D."""
        out = np.zeros((self.rows.shape[1],) * 2)
        for _, block in self.blocks():
            out += block.T @ block
        return out

    def gram(self) -> NDArray[np.float64]:
        """XXᵀ, N×N."""
        whole = np.concatenate([block for _, block in self.blocks()])
        return np.asarray(whole @ whole.T, np.float64)

    def times(self, right: Floats) -> NDArray[np.float64]:
        """XR, N×k."""
        out = np.empty((len(self.rows), right.shape[1]))
        for place, block in self.blocks():
            out[place] = block @ right.astype(self.precision)
        return out

    def times_transposed(self, left: Floats) -> NDArray[np.float64]:
        """XᵀL, D×k."""
        out = np.zeros((self.rows.shape[1], left.shape[1]))
        for place, block in self.blocks():
            out += block.T @ left[place].astype(self.precision)
        return out

    def total(self) -> float:
        """Sum of all squares."""
        return float(sum(np.square(block, dtype=np.float64).sum() for _, block in self.blocks()))


def _leading(data: Centred, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Loadings and spectrum of the leading components by subspace iteration from a fixed random start."""
    guess = np.random.default_rng(0).standard_normal((data.rows.shape[1], count + 10))
    for _ in range(6):
        guess = np.linalg.qr(data.times_transposed(data.times(guess)))[0]
    projected = data.times(guess)
    spectrum, vectors = np.linalg.eigh(projected.T @ projected)
    loadings: NDArray[np.float64] = guess @ vectors[:, ::-1][:, :count]
    return loadings, spectrum


def finite_rows(matrix: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows hold neither NaN nor infinities."""
    step = max(1, _BLOCK_VALUES // max(1, matrix.shape[1]))
    parts = [np.isfinite(matrix[start : start + step]).all(axis=1) for start in range(0, len(matrix), step)]
    return np.concatenate(parts) if parts else np.zeros(0, bool)
