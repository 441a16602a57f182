"""Scalar series to one row each: what a table of runs tells of a tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.types import ScalarColumns

STATISTICS: Final = ("last", "min", "max", "first", "at", "count", "min_step", "max_step")
"""`min` and `max` are of finite values, `min_step` and `max_step` the steps at which they stand first; `at`
is the value of the largest step that is not above a chosen one.
"""

DTYPES: Final = {"count": np.int64, "min_step": np.int64, "max_step": np.int64}
"""Of the statistics that are no values; values are float64."""


class Table:
    """Columns with a row for each of `rows` runs. Rows that nothing is set in have a count of 0 and NaN.

    Args:
        statistics: which of `STATISTICS`.
        step: for `at`; None stands for the last step there is.
    """

    def __init__(self, rows: int, statistics: Sequence[str], step: int | None) -> None:
        self.columns: dict[str, NDArray[Any]] = {
            name: np.zeros(rows, np.int64) if name in DTYPES else np.full(rows, np.nan)
            for name in dict.fromkeys(("count", *statistics))
        }
        self._step = step

    def set(self, row: int, series: ScalarColumns) -> None:
        """Fills a row with what there is to tell of a series of at least one point."""
        value = series.value
        for name, column in self.columns.items():
            if name == "count":
                column[row] = len(value)
            elif name == "last":
                column[row] = value[-1]
            elif name == "first":
                column[row] = value[0]
            elif name == "at":
                column[row] = value_at(series, self._step)
            else:
                place = _extreme(value, largest=name.startswith("max"))
                if place is not None:
                    column[row] = (series.step if name.endswith("_step") else value)[place]


def value_at(series: ScalarColumns, step: int | None) -> float:
    """The value of the largest step that is not above `step`, the last one where a step came twice; NaN if
    there is none.
    """
    if step is None:
        return float(series.value[-1])
    inside = np.flatnonzero(series.step <= step)
    if not len(inside):
        return float("nan")
    steps = series.step[inside]
    return float(series.value[inside[len(steps) - 1 - int(np.argmax(steps[::-1]))]])


def _extreme(value: NDArray[np.floating[Any]], *, largest: bool) -> int | None:
    """Place of the first smallest or largest finite value; None if no value is finite."""
    place = int(value.argmax() if largest else value.argmin())
    if np.isfinite(value[place]):
        return place
    finite = np.flatnonzero(np.isfinite(value))
    if not len(finite):
        return None
    rest = value[finite]
    return int(finite[int(rest.argmax() if largest else rest.argmin())])
