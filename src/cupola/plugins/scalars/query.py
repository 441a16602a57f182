"""Scalar columns to what a chart of a given width needs of them, and to whole tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola import _codec
from cupola.types import ScalarColumns

ROWS: Final = 10_000
"""Rows of a table turned into text at once."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What there is to draw of a series."""

    index: NDArray[np.int64]
    """Places of the points to draw, ascending."""
    x: NDArray[np.float64]
    """Their place on the x axis: a step, or seconds."""
    smoothed: NDArray[np.float64] | None
    complete: bool
    """Whether every point of the range is among them."""


def draw(
    x: NDArray[np.float64],
    value: NDArray[np.floating[Any]],
    span: tuple[float, float] | None,
    width_px: int,
    weight: float,
) -> Drawing:
    """The points that show a series over `span` of the x axis in `width_px` pixels as all of them would.

    Smoothing runs over every point before any is left out, so it does not depend on the width.

    Args:
        x: every point's place on the axis (`cupola.http.series.x_values`).
        value: their values, as many.
        span: lowest and highest x that is drawn; None for all.
        weight: of smoothing, 0 to below 1.
    """
    low, high = span or _extent(x)
    index = _codec.bucket(x, value, low, high, width_px)
    smoothed = _smoothed(value, weight, index) if weight > 0 else None
    drawn = x[index]
    if span is None:
        return Drawing(index, drawn, smoothed, len(index) == len(x))
    # Neighbours outside of the range come along, and must not stand for points that are left out inside.
    inside, seen = (int(np.count_nonzero((places >= low) & (places <= high))) for places in (x, drawn))
    return Drawing(index, drawn, smoothed, seen >= inside)


def _smoothed(
    value: NDArray[np.floating[Any]], weight: float, index: NDArray[np.int64]
) -> NDArray[np.float64]:
    if (index[1:] > index[:-1]).all():
        return _codec.smooth_at(value, weight, index)
    order = np.argsort(index)  # a series of many segments comes in the order of x
    smoothed = np.empty(len(index))
    smoothed[order] = _codec.smooth_at(value, weight, index[order])
    return smoothed


def _extent(x: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(x.min()), float(x.max())
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    finite = x[np.isfinite(x)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)


def extremes(value: NDArray[np.floating[Any]]) -> tuple[float, float]:
    """Smallest and largest finite value; NaN if there is none."""
    low, high = float(value.min()), float(value.max())
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    finite = value[np.isfinite(value)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (float("nan"), float("nan"))


def csv_rows(columns: ScalarColumns) -> Iterator[str]:
    """A table with a header, in pieces. Non-finite numbers are `NaN`, `Infinity`, `-Infinity`."""
    yield "wall_time,step,value\n"
    for rows in _rows(columns):
        yield "".join(f"{wall_time},{step},{value}\n" for wall_time, step, value in rows)


def json_rows(columns: ScalarColumns) -> Iterator[str]:
    """A JSON list of [wall_time, step, value], in pieces. Non-finite numbers are the strings `NaN`,
    `Infinity`, `-Infinity`.
    """
    before = "["
    for rows in _rows(columns):
        yield before + json.dumps(rows, allow_nan=False, separators=(",", ":"))[1:-1]
        before = ","
    yield "[]" if before == "[" else "]"


def _rows(columns: ScalarColumns) -> Iterator[list[tuple[float | str, int, float | str]]]:
    for start in range(0, len(columns.step), ROWS):
        piece = slice(start, start + ROWS)
        wall_times, values = _json_safe(columns.wall_time[piece]), _json_safe(columns.value[piece])
        yield list(zip(wall_times, columns.step[piece].tolist(), values, strict=True))


def _json_safe(numbers: NDArray[np.floating[Any]]) -> list[float | str]:
    out: list[float | str] = numbers.tolist()
    for place in np.flatnonzero(~np.isfinite(numbers)).tolist():
        out[place] = "NaN" if np.isnan(numbers[place]) else "Infinity" if numbers[place] > 0 else "-Infinity"
    return out
