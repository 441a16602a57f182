"""Several series of a tag to one line with a band: the mean or median of a group's members at each place of
the x axis, and how far they spread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola import _codec
from cupola.plugins.scalars.student_t import t_quantile

Center: TypeAlias = Literal["mean", "median"]
Band: TypeAlias = Literal["deviation", "error", "interval", "range", "none"]
Doubles: TypeAlias = NDArray[np.float64]

CENTERS: Final = ("mean", "median")
BANDS: Final = ("deviation", "error", "interval", "range", "none")
"""Sample standard deviation; standard error of the mean; the 95 % interval of the mean by Student's t;
smallest and largest value; nothing.
"""

MAX_VALUES: Final = 20_000_000
"""Members × places that are interpolated for a group. Members that share no places (wall times, say) would
need the square of their points: then only every so manieth place is taken.
"""
BLOCK_VALUES: Final = 1 << 18
"""Members × places in memory at once: 2 MB, which stays in a processor's cache."""
DENSE: Final = 8
"""Whole numbers are marked in a table rather than sorted, if it has at most so many entries for each."""
INTERVAL_PROBABILITY: Final = 0.975
"""So that 95 % lie between both ends."""


class Curve(NamedTuple):
    """A member's points in the order of x, one at each place."""

    x: Doubles
    value: NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Columns of equal length, ascending in x."""

    x: Doubles
    center: Doubles
    """NaN where no member has a finite value."""
    low: Doubles | None
    """Lower end of the band: NaN where there is none, as that of a single member's deviation. None without a
    band.
    """
    high: Doubles | None
    n: NDArray[np.int32]
    """Members that have a finite value there."""

    def columns(self) -> list[Doubles]:
        """Center and, where there is a band, its ends."""
        return [self.center] if self.low is None or self.high is None else [self.center, self.low, self.high]


def curve(x: Doubles, value: NDArray[np.floating[Any]]) -> Curve:
    """A series as a function of x: where a place comes again (a run was resumed) the newest value counts, as
    it does under the pointer of a chart. Points without a place are left out.
    """
    if (x[1:] > x[:-1]).all() and (not len(x) or np.isfinite(x[[0, -1]]).all()):
        return Curve(x, value)
    placed = np.flatnonzero(np.isfinite(x))
    order = placed[np.argsort(x[placed], kind="stable")]
    is_newest = np.append(x[order[1:]] != x[order[:-1]], True)[: len(order)]
    order = order[is_newest]
    return Curve(x[order], value[order])


def aggregate(members: Sequence[Curve], center: Center, band: Band) -> GroupLine:
    """One line for all members, at every place that any of them has.

    A member has the value that it logged at a place; where it logged none, what lies on the straight line
    between its neighbours; nothing beyond its ends, where it logged no finite number, or beside that.
    """
    members = [member for member in members if len(member.x)]
    places, aligned = _places([member.x for member in members])
    columns = [np.empty(len(places)) for _ in range(1 if band == "none" else 3)]
    n = np.empty(len(places), np.int32)
    for block, values in _blocks(members, places, aligned):
        n[block] = _statistics(values, center, band, [column[block] for column in columns])
    low, high = columns[1:] or (None, None)
    return GroupLine(places, columns[0], low, high, n)


def draw_group(
    line: GroupLine, span: tuple[float, float] | None, width_px: int | None, weight: float
) -> tuple[NDArray[np.int64], list[Doubles] | None]:
    """The places that show a line and its band over `span` in `width_px` pixels as all of them would, and
    their smoothed columns: those of center, low and high, as `GroupLine.columns`.

    Args:
        span: lowest and highest x that is drawn; None for all.
        width_px: None for every place of the span.
        weight: of smoothing, 0 to below 1. It runs over every place, so it does not depend on the width.

    Returns:
        Indices, ascending; columns as many, or None without smoothing.
    """
    columns = line.columns()
    if not len(line.x):
        return np.empty(0, np.int64), [np.empty(0)] * len(columns) if weight > 0 else None
    low, high = span or (float(line.x[0]), float(line.x[-1]))
    width_px = width_px or len(line.x)
    shown = [_codec.bucket(line.x, column, low, high, width_px) for column in columns]
    index = shown[0] if len(shown) == 1 else np.unique(np.concatenate(shown))
    return index, [_codec.smooth_at(column, weight, index) for column in columns] if weight > 0 else None


def _places(members: Sequence[Doubles]) -> tuple[Doubles, bool]:
    """Every x that a member has, ascending, and whether all of them have all."""
    distinct: list[Doubles] = []
    for x in members:
        if not any(_are_equal(x, other) for other in distinct[:8]):
            distinct.append(x)
    if len(distinct) <= 1:
        return (distinct[0] if distinct else np.empty(0)), True
    places = _union(distinct)
    every = -(-len(places) * len(members) // MAX_VALUES)
    return (places if every == 1 else np.append(places[:-1:every], places[-1])), False


def _are_equal(x: Doubles, other: Doubles) -> bool:
    """Whether two members stand at the same places. Those that do not mostly tell by one in the middle."""
    middle = len(x) // 2
    return x is other or (
        len(x) == len(other) and bool(x[middle] == other[middle]) and np.array_equal(x, other)
    )


def _union(members: Sequence[Doubles]) -> Doubles:
    """Every x of ascending members, once each, ascending."""
    low, high = min(x[0] for x in members), max(x[-1] for x in members)
    count = sum(map(len, members))
    if high - low < DENSE * count and all((x == np.floor(x)).all() for x in members):  # steps, mostly
        seen = np.zeros(int(high - low) + 1, np.bool_)
        for x in members:
            seen[(x - low).astype(np.intp)] = True
        whole: Doubles = np.flatnonzero(seen) + low
        return whole
    # Ascending pieces: which a stable sort merges.
    places = np.sort(np.concatenate(members), kind="stable")
    distinct: Doubles = places[np.append(True, places[1:] != places[:-1])]
    return distinct


def _blocks(
    members: Sequence[Curve], places: Doubles, aligned: bool
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """The members' values, a row for each, over a part of the places at a time."""
    size = max(64, BLOCK_VALUES // max(1, len(members)))
    for start in range(0, len(places), size):
        block = slice(start, min(start + size, len(places)))
        values = np.empty((len(members), block.stop - start))
        for row, member in zip(values, members, strict=True):
            if aligned:
                row[:] = member.value[block]
            else:
                row[:] = _codec.interpolate(places[block], member.x, member.value)
        yield block, values


def _statistics(values: Doubles, center: Center, band: Band, out: Sequence[Doubles]) -> NDArray[np.int32]:
    """Fills `out` (center, and low and high if there is a band) from a row for each member.

    Returns:
        The count of finite values in each column.
    """
    finite = np.isfinite(values)
    n: NDArray[np.intp] = np.count_nonzero(finite, axis=0)
    is_whole = bool(finite.all())
    with np.errstate(all="ignore"):
        mean = (values if is_whole else np.where(finite, values, 0.0)).sum(axis=0) / n
        out[0][:] = mean if center == "mean" else _median(values, finite, n)
        if band == "range":
            ends = (np.inf, -np.inf) if not is_whole else (0.0, 0.0)
            for column, filler, reduce in zip(out[1:], ends, (np.min, np.max), strict=True):
                reduce(values if is_whole else np.where(finite, values, filler), axis=0, out=column)
                column[n == 0] = np.nan
        elif band != "none":
            away = values - mean
            if not is_whole:
                away[~finite] = 0.0
            width = np.sqrt(np.einsum("ij,ij->j", away, away) / np.where(n > 1, n - 1, np.nan))
            if band != "deviation":
                width /= np.sqrt(n)
            if band == "interval":
                width *= _quantiles(n)
            np.subtract(out[0], width, out=out[1])
            np.add(out[0], width, out=out[2])
    return n.astype(np.int32)


def _median(values: Doubles, finite: NDArray[np.bool_], n: NDArray[np.intp]) -> Doubles:
    # What is not finite goes behind the others; a row for each place, since rows are sorted fastest.
    rows = np.sort(np.where(finite, values, np.inf).T.copy(), axis=1)
    lower, upper = np.maximum(n - 1, 0) // 2, np.minimum(n // 2, rows.shape[1] - 1)
    place = np.arange(len(rows))
    median = (rows[place, lower] + rows[place, upper]) / 2
    return np.where(n > 0, median, np.nan)


def _quantiles(n: NDArray[np.intp]) -> Doubles:
    """Student's t for the interval of each count; NaN for less than two."""
    by_count = np.full(int(n.max(initial=0)) + 1, np.nan)
    for count in np.unique(n).tolist():
        if count > 1:
            by_count[count] = t_quantile(INTERVAL_PROBABILITY, count - 1)
    return by_count[n]
