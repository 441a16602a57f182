"""Custom axes: points projected on directions between the centroids of chosen points.

A direction is a sum of centroids with signs: from a to b it is b - a, the analogy "a is to b as c is to …"
leads to b - a + c. What the signs sum up to is taken off as so many times the centroid of all points, so that
both are directions from the middle of the cloud.

Source: Smilkov et al., "Embedding Projector" (arXiv 1611.05469), custom projections; Mikolov et al.,
"Linguistic regularities in continuous space word representations" (NAACL 2013)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.pca import Centred, finite_rows, summarize

NEAREST: Final = 10


@dataclass(frozen=True, slots=True)
class Term:
    """The centroid of some points, added or taken away."""

    sign: int
    points: NDArray[np.int64]
    name: str
    """For messages."""


@dataclass(frozen=True, slots=True)
class Axis:
    """All points on one direction."""

    coordinates: NDArray[np.float32]
    """NaN where a row is not finite."""
    variance: float
    """Fraction of the total variance along it."""
    nearest: NDArray[np.int64]
    """Of an analogy (signs that sum to one) the points that are none of its own, by falling cosine with where
    it leads, seen from the middle of the cloud."""


def project(matrix: NDArray[np.float32], axes: Sequence[Sequence[Term]], sphereize: bool) -> list[Axis]:
    """The points of an N×D matrix on directions.

    Raises:
        ValueError: a term without finite points, or terms that cancel out. The message is for people.
    """
    finite = finite_rows(matrix)
    rows = matrix if finite.all() else matrix[finite]
    if rows.size == 0:
        raise ValueError("no point has finite numbers; an axis wants some")
    place = np.cumsum(finite) - 1
    weights = np.zeros((len(rows), len(axes)))
    for at, terms in enumerate(axes):
        for term in terms:
            usable = term.points[finite[term.points]]
            if len(usable) == 0:
                raise ValueError(
                    f"{term.name} has no points with finite numbers; choose another for this axis"
                )
            np.add.at(weights[:, at], place[usable], term.sign / len(usable))
    data = Centred(rows, sphereize, summarize(rows))
    directions = data.times_transposed(weights)
    lengths = np.linalg.norm(directions, axis=0)
    for at, terms in enumerate(axes):
        if not lengths[at] > 1e-6:  # of the largest coordinate
            names = ", ".join(term.name for term in terms)
            raise ValueError(f"the centroids of {names} leave no direction; choose points that differ")
    projected = data.times(directions / lengths)
    total = data.total() or 1.0
    norms = data.norms() if any(_is_analogy(terms) for terms in axes) else None
    made = []
    for at, terms in enumerate(axes):
        column = projected[:, at]
        nearest = np.zeros(0, np.int64)
        if norms is not None and _is_analogy(terms):
            cosine = column / np.where(norms == 0, 1, norms)
            own = np.concatenate([term.points[finite[term.points]] for term in terms])
            cosine[place[own]] = -np.inf
            order = np.argsort(-cosine, kind="stable")[:NEAREST]
            nearest = np.flatnonzero(finite)[order[np.isfinite(cosine[order])]]
        coordinates = np.full(len(matrix), np.nan, np.float32)
        coordinates[finite] = column * data.scale
        made.append(Axis(coordinates, float(np.square(column).sum() / total), nearest))
    return made


def _is_analogy(terms: Sequence[Term]) -> bool:
    return len(terms) > 1 and sum(term.sign for term in terms) == 1
