"""Principal components of several steps together: one set of axes, so that a step lies where it truly lies to
the others.

Source: Jolliffe, "Principal Component Analysis" (2002), section 1.1, on the steps' rows as one matrix;
`sklearn.decomposition.PCA` of the stacked rows is its oracle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.pca import COMPONENTS, finite_rows

MOST_WIDTH: Final = 4096
"""A D×D matrix of products is what is kept of all rows."""

_BLOCK_VALUES: Final = 1_000_000


class JointPca:
    """The leading components of the rows of several matrices, each seen once in a pass, in any order.

    A first pass finds the mean (where rows are scaled to length 1, a second that of the scaled ones), the
    last the products: `while wants_more: for each matrix take; close`.
    """

    def __init__(self, sphereize: bool) -> None:
        self.width = 0
        """D, of the first matrix; others are left out."""
        self.sphereize = sphereize
        self._means: list[NDArray[np.float64]] = []
        self._passes = 2 if sphereize else 1
        self._sum = np.zeros(0)
        self._products: NDArray[np.float64] | None = None
        self._count = 0
        self._loadings: NDArray[np.float64] | None = None
        self._fractions = np.zeros(0)

    @property
    def wants_more(self) -> bool:
        """Whether another pass is to come."""
        return self._loadings is None

    def take(self, matrix: NDArray[np.float32]) -> None:
        """Adds a step's N×D rows to the present pass; those that are not finite take no part."""
        if self.width == 0:
            self.width = matrix.shape[1]
        if not self.takes(matrix.shape[1]) or self.width == 0:
            return
        last = len(self._means) == self._passes
        for block in self._blocks(matrix[finite_rows(matrix)]):
            if self._count == 0:
                self._sum = np.zeros(self.width)
                self._products = np.zeros((self.width,) * 2)
            self._count += len(block)
            if last and self._products is not None:
                self._products += block.T @ block
            else:
                self._sum += block.sum(axis=0)

    def close(self) -> None:
        """Ends a pass."""
        if len(self._means) < self._passes and self._count:
            self._means.append(self._sum / self._count)
        elif self._products is not None:
            spectrum, vectors = np.linalg.eigh(self._products)
            order = np.argsort(spectrum)[::-1][: max(COMPONENTS, 1)]
            leading = vectors[:, order]
            signs = np.where(leading[np.abs(leading).argmax(axis=0), range(leading.shape[1])] < 0, -1.0, 1.0)
            self._loadings = leading * signs
            total = float(np.maximum(spectrum, 0).sum())
            self._fractions = np.maximum(spectrum[order], 0) / (total or 1.0)
        else:  # no finite row, or too wide a one
            self._loadings = np.zeros((self.width, 0))
        self._count = 0

    def project(self, matrix: NDArray[np.float32], wanted: Sequence[int]) -> list[NDArray[np.float32]]:
        """A step's rows on the components of these numbers: NaN where a row is not finite, 0 where there is
        no such component.
        """
        assert self._loadings is not None
        finite = finite_rows(matrix)
        out = np.full((len(wanted), len(matrix)), np.nan, np.float32)
        parts = [block @ self._loadings for block in self._blocks(matrix[finite])]
        rows = np.concatenate(parts) if parts else np.zeros((0, self._loadings.shape[1]))
        for at, component in enumerate(wanted):
            out[at, finite] = rows[:, component] if component < rows.shape[1] else 0
        return list(out)

    def variance(self, wanted: Sequence[int]) -> list[float]:
        """The fraction of the variance of all steps on each of these components."""
        return [float(self._fractions[at]) if at < len(self._fractions) else 0.0 for at in wanted]

    def takes(self, width: int) -> bool:
        """Whether a step of `width` dimensions takes part."""
        return width == self.width <= MOST_WIDTH

    def refusal(self, width: int) -> str:
        """Why a step of `width` dimensions takes no part. For people."""
        if width == self.width:
            return (
                f"a joint fit of components is for at most {MOST_WIDTH} dimensions; these steps have "
                f"{width}. Align the steps one after the other instead."
            )
        return (
            f"this step has {width} dimensions and the first one {self.width}; a joint fit wants the same at "
            "every step. Align the steps one after the other instead."
        )

    def _blocks(self, rows: NDArray[np.float32]) -> Iterator[NDArray[Any]]:
        step = max(1, _BLOCK_VALUES // max(1, self.width))
        for start in range(0, len(rows), step):
            block = rows[start : start + step].astype(np.float64)
            for at, mean in enumerate(self._means):
                block -= mean
                if at == 0 and self.sphereize:
                    norm = np.linalg.norm(block, axis=1, keepdims=True)
                    block /= np.where(norm == 0, 1, norm)
            yield block
