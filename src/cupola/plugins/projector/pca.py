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

from cupola.plugins.projector.parallel import in_order

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
    if matrix.size == 0:
        return Projection([], np.zeros(0), len(matrix), False)
    summary = summarize(matrix)
    finite = np.ones(len(matrix), bool)
    rows = matrix
    if not summary.is_finite:
        finite = finite_rows(matrix)
        rows = matrix[finite]
        summary = summarize(rows)
    count, width = rows.shape
    leading = min(components, count, width)
    if count == 0:
        return Projection([], np.zeros(0), 0, False)
    data = Centred(rows, sphereize, summary)
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
    # What is left of an eigenvalue that is 0 is rounding, and so is the direction found for it.
    loadings[:, spectrum <= total * side * np.finfo(np.float64).eps] = 0
    coordinates = np.full((leading, len(matrix)), np.nan, np.float32)
    places = np.flatnonzero(finite)
    for place, part in data.products(loadings):
        coordinates[:, places[place]] = (part * data.scale).T
    return Projection(
        list(coordinates), spectrum / total if total else spectrum * 0, count, side > EXACT_SIDE
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """What one pass over a matrix tells of each of its D columns."""

    mean: NDArray[np.float64]
    least: NDArray[np.float32]
    largest: NDArray[np.float32]

    @property
    def is_finite(self) -> bool:
        """Whether no value is NaN or infinite."""
        return bool(np.isfinite(self.least).all() and np.isfinite(self.largest).all())


def summarize(matrix: NDArray[np.float32]) -> Summary:
    """Mean and range of the columns of an N×D matrix; all 0 where it has no rows."""
    count, width = matrix.shape
    total = np.zeros(width)
    least, largest = np.zeros(width, np.float32), np.zeros(width, np.float32)

    def part(place: slice) -> tuple[Floats, Floats, Floats]:
        block = matrix[place]
        return block.sum(axis=0, dtype=np.float64), block.min(axis=0), block.max(axis=0)

    with np.errstate(invalid="ignore", over="ignore"):
        for at, (more, low, high) in enumerate(in_order(part, _places(count, width))):
            total += more
            least = np.minimum(least, low) if at else low
            largest = np.maximum(largest, high) if at else high
    return Summary(total / max(1, count), least, largest)


class Centred:
    """Rows less their mean, over the largest magnitude (so that squares do not overflow), block by block.

    Args:
        rows: N×D, finite, at least one row and one column.
        sphereize: rows are scaled to length 1, and centred again.
        summary: of the rows.
    """

    def __init__(self, rows: NDArray[np.float32], sphereize: bool, summary: Summary) -> None:
        self.rows = rows
        self.precision: Any = np.float64 if rows.size <= _EXACT_VALUES else np.float32
        self.sphereize = sphereize
        self.means = [summary.mean]
        farthest = float(np.maximum(summary.largest - summary.mean, summary.mean - summary.least).max())
        self.scale = farthest or 1.0
        if sphereize:  # unit rows have a mean of their own
            self.scale = 1.0
            sums = in_order(lambda place: self._block(place).sum(axis=0, dtype=np.float64), self._places())
            self.means.append(sum(sums, np.zeros(rows.shape[1])) / len(rows))

    def scatter(self) -> NDArray[np.float64]:
        """XᵀX, D×D."""
        width = self.rows.shape[1]
        out = np.zeros((width, width))

        def product(place: slice) -> Floats:
            block = self._block(place)
            return block.T @ block

        for part in in_order(product, self._places(), width**2 * np.dtype(self.precision).itemsize):
            out += part
        return out

    def gram(self) -> NDArray[np.float64]:
        """XXᵀ, N×N."""
        whole = np.concatenate(list(in_order(self._block, self._places())))
        return np.asarray(whole @ whole.T, np.float64)

    def times(self, right: Floats) -> NDArray[np.float64]:
        """XR, N×k."""
        out = np.empty((len(self.rows), right.shape[1]))
        for place, part in self.products(right):
            out[place] = part
        return out

    def products(self, right: Floats) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """The rows of XR in blocks, each with its place."""
        factor = right.astype(self.precision)

        def product(place: slice) -> tuple[slice, NDArray[np.float64]]:
            return place, np.asarray(self._block(place) @ factor, np.float64)

        return in_order(product, self._places())

    def times_transposed(self, left: Floats) -> NDArray[np.float64]:
        """XᵀL, D×k."""

        def product(place: slice) -> Floats:
            part: Floats = self._block(place).T @ left[place].astype(self.precision)
            return part

        out = np.zeros((self.rows.shape[1], left.shape[1]))
        for part in in_order(product, self._places()):
            out += part
        return out

    def norms(self) -> NDArray[np.float64]:
        """Length of each row of X."""
        parts = in_order(
            lambda place: np.linalg.norm(self._block(place), axis=1).astype(np.float64), self._places()
        )
        return np.concatenate(list(parts))

    def total(self) -> float:
        """Sum of all squares."""
        squares = in_order(
            lambda place: float(np.square(self._block(place), dtype=np.float64).sum()), self._places()
        )
        return sum(squares)

    def _places(self) -> Iterator[slice]:
        return _places(*self.rows.shape)

    def _block(self, place: slice) -> Floats:
        """Rows of X."""
        # A mean in two parts, so that its rounding moves no point where it is far larger than they differ.
        near = self.means[0].astype(self.precision)
        rest = (self.means[0] - near).astype(self.precision)
        block: Floats = self.rows[place] - near
        if rest.any():
            block -= rest
        if self.scale != 1:
            block /= self.precision(self.scale)
        if self.sphereize:
            norm = np.linalg.norm(block, axis=1, keepdims=True)
            block /= np.where(norm == 0, 1, norm)
        for mean in self.means[1:]:
            block -= mean.astype(self.precision)
        return block


def _places(count: int, width: int) -> Iterator[slice]:
    step = max(1, _BLOCK_VALUES // max(1, width))
    return (slice(start, start + step) for start in range(0, count, step))


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
    parts = list(in_order(lambda place: np.isfinite(matrix[place]).all(axis=1), _places(*matrix.shape)))
    return np.concatenate(parts) if parts else np.zeros(0, bool)
