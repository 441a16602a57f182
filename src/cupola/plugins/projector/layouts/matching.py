"""Which points of two steps are the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.decode import Column

Kind: TypeAlias = Literal["row", "label", "class", "none"]

MOST_CLASSES: Final = 1000
"""A column of more values names points, not classes."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the metadata of a step's points says. It is read when it is asked for, and not kept."""

    count: int
    """Of the points."""
    digest: str
    """Names the metadata's bytes; empty: there are none."""
    read: Callable[[], list[Column]]
    """Gives the columns."""


def _keys(columns: list[Column]) -> list[str]:
    """For each point its row of the metadata; empty without metadata."""
    cells = [np.array(column.values, object)[column.codes] for column in columns]
    return ["\t".join(row) for row in zip(*cells, strict=True)]


@dataclass(frozen=True, slots=True)
class Matching:
    """Between the points of an earlier and of a later step."""

    kind: Kind
    """By their row; by their row of the metadata, which names one point; only classes of points are the same
    (a batch of other points each time, say); or nothing is known to be."""
    places: NDArray[np.int32]
    """For each point of the later step its index in the earlier one; -1: it is new."""
    classes: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    """For each point of the earlier step, and of the later, its class; negative: in one of them only."""


def match(before: Labels, after: Labels) -> Matching:
    """Matches the points of two steps.

    By row where the metadata of all rows that both have agrees, so rows may be appended or cut off; without
    metadata only where there are as many. Else by the metadata, where no two points have the same.
    """
    rows = np.arange(after.count, dtype=np.int32)
    if before.digest == after.digest and before.count == after.count:
        return Matching("row", rows)
    old_columns, new_columns = (labels.read() if labels.digest else [] for labels in (before, after))
    old, new = _keys(old_columns), _keys(new_columns)
    if not old or not new:
        same = before.count == after.count
        return Matching("row", rows) if same else Matching("none", np.full(after.count, -1, np.int32))
    if all(map(str.__eq__, old, new)):
        return Matching("row", np.where(rows < before.count, rows, -1).astype(np.int32))
    index = {key: at for at, key in enumerate(old)}
    if len(index) == before.count and len(set(new)) == after.count:
        places = np.fromiter((index.get(key, -1) for key in new), np.int32, after.count)
        if (places >= 0).any():
            return Matching("label", places)
    classes = _classes(old_columns, new_columns)
    return Matching("none" if classes is None else "class", np.full(after.count, -1, np.int32), classes)


def _classes(before: list[Column], after: list[Column]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Of the first column with at least two values in both."""
    named = {column.name: column for column in after}
    for column in before:
        other = named.get(column.name)
        if other is None or max(len(column.values), len(other.values)) > MOST_CLASSES:
            continue
        shared = {value: at for at, value in enumerate(sorted({*column.values} & {*other.values} - {""}))}
        if len(shared) >= 2:
            own = np.array([shared.get(value, -1) for value in column.values])
            theirs = np.array([shared.get(value, -1) for value in other.values])
            return own[column.codes], theirs[other.codes]
    return None


def centroids(
    coordinates: NDArray[np.float32], classes: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The middle of each class, count×d (NaN of an empty one), and how many finite points it has."""
    usable = np.isfinite(coordinates).all(axis=1) & (classes >= 0)
    own = classes[usable]
    sizes = np.bincount(own, minlength=count).astype(np.float64)
    sums = [np.bincount(own, column[usable].astype(np.float64), count) for column in coordinates.T]
    with np.errstate(invalid="ignore"):
        return np.stack(sums, axis=1) / sizes[:, None], sizes
