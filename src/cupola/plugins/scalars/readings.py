"""What stands at one place of the x axis: the exact point of each series, and what its pixel holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola import _codec
from cupola.plugins.scalars.groups import GroupLine
from cupola.types import ScalarColumns

Doubles: TypeAlias = NDArray[np.float64]


class Pixel(NamedTuple):
    """The points of one pixel of a chart."""

    points: int
    """All of them, also those that are not finite."""
    mean: float
    """Of the finite values, as are both ends; NaN where there is none."""
    low: float
    high: float


class _Row(NamedTuple):
    run: str
    step: int
    wall_time: float
    x: float
    value: float
    smoothed: float
    pixel: Pixel


def nearest_place(series: Iterable[Doubles], at: float) -> float | None:
    """The finite x of any series that is nearest to `at`, the greater of two equally near; None if there is
    none.
    """
    best: float | None = None
    for x in series:
        if _ascends(x):
            behind = int(np.searchsorted(x, at, "left"))
            candidates = x[max(0, behind - 1) : behind + 1]
        else:
            candidates = x
        candidates = candidates[np.isfinite(candidates)]
        if not len(candidates):
            continue
        away = np.abs(candidates - at)
        found = float(candidates[away == away.min()].max())
        if best is None or (abs(found - at), -found) < (abs(best - at), -best):
            best = found
    return best


def newest_before(x: Doubles, place: float) -> int | None:
    """Index of the point with the greatest x that is not above `place`, the last one where an x came twice (a
    run was resumed); None if there is none.
    """
    if _ascends(x):
        behind = int(np.searchsorted(x, place, "right"))
        return behind - 1 if behind else None
    before = np.flatnonzero(x <= place)
    if not len(before):
        return None
    found = x[before]
    return int(before[len(found) - 1 - int(np.argmax(found[::-1]))])


def pixel_at(x: Doubles, value: NDArray[np.floating[Any]], place: float, width: float) -> Pixel:
    """What a pixel of `width` around `place` holds, both in units of x."""
    low, high = place - width / 2, place + width / 2
    if _ascends(x):
        inside = value[np.searchsorted(x, low, "left") : np.searchsorted(x, high, "right")]
    else:
        inside = value[(x >= low) & (x <= high)]
    finite = inside[np.isfinite(inside)].astype(np.float64)
    if not len(finite):
        return Pixel(len(inside), np.nan, np.nan, np.nan)
    with np.errstate(over="ignore"):
        mean = float(finite.mean())
    if not np.isfinite(mean):  # the sum left the range of a double, the mean cannot
        mean = float((finite / len(finite)).sum())
    return Pixel(len(inside), mean, float(finite.min()), float(finite.max()))


class Readings:
    """Columns with a row for each series that has a point at a place or before it."""

    def __init__(self, place: float, pixel: float, weight: float) -> None:
        self._place, self._pixel, self._weight = place, pixel, weight
        self._rows: list[_Row] = []

    def add(self, run: str, x: Doubles, columns: ScalarColumns) -> None:
        """A row for `run`, if it has begun by then."""
        index = newest_before(x, self._place)
        if index is None:
            return
        smoothed = np.nan
        if self._weight > 0:
            smoothed = float(_codec.smooth_at(columns.value, self._weight, np.array([index]))[0])
        self._rows.append(
            _Row(
                run,
                int(columns.step[index]),
                float(columns.wall_time[index]),
                float(x[index]),
                float(columns.value[index]),
                smoothed,
                pixel_at(x, columns.value, self._place, self._pixel),
            )
        )

    def document(self) -> dict[str, Any]:
        """As it is answered. Steps are text: JavaScript's numbers are exact to 2⁵³ only."""
        rows = self._rows
        numbers = {
            name: np.array([getattr(row, name) for row in rows], np.float64)
            for name in ("wall_time", "x", "value", "smoothed")
        }
        return {
            "runs": [row.run for row in rows],
            "step": [str(row.step) for row in rows],
            **numbers,
            "smoothed": numbers["smoothed"] if self._weight > 0 else None,
            "points": np.array([row.pixel.points for row in rows], np.int64),
            **{
                name: np.array([getattr(row.pixel, name) for row in rows], np.float64)
                for name in ("mean", "low", "high")
            },
        }


def group_reading(line: GroupLine, place: float, weight: float) -> dict[str, float | int | None] | None:
    """What a group's line says at `place`: its center (`raw`, and smoothed if `weight` is above 0), band and
    count of members. None where it has not begun.
    """
    index = newest_before(line.x, place)
    if index is None:
        return None
    center, *ends = line.columns()
    low, high = ends or (None, None)

    def read(column: Doubles | None) -> float | None:
        if column is None:
            return None
        return (
            float(_codec.smooth_at(column, weight, np.array([index]))[0])
            if weight > 0
            else float(column[index])
        )

    return {
        "x": float(line.x[index]),
        "n": int(line.n[index]),
        "raw": float(center[index]),
        "center": read(center),
        "low": read(low),
        "high": read(high),
    }


def _ascends(x: Doubles) -> bool:
    return bool((x[1:] >= x[:-1]).all())
