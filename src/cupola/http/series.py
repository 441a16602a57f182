"""What routes that answer for series share: which series a body asks for, their place on an x axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from cupola.http.requests import choice, member, strings
from cupola.provider import DataProvider
from cupola.types import BlobColumns, ScalarColumns, SeriesInfo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Axis: TypeAlias = Literal["step", "relative", "wall"]

AXES: Final = ("step", "relative", "wall")
"""What may stand along x: the step, seconds since the run's first event, seconds since 1970 UTC."""


def matching(provider: DataProvider, plugin: str, body: Mapping[str, Any]) -> list[SeriesInfo]:
    """The plugin's series of the body's `tag` and `runs` (null: all), in natural order of the runs."""
    tag, runs = member(body, "tag", str), strings(body, "runs")
    return provider.series(plugin, tag=tag, runs=runs)


def axis(body: Mapping[str, Any]) -> Axis:
    """The x axis that a body asks for; `step` if it says nothing."""
    return cast(Axis, choice(member(body, "x", str, "step"), "x", AXES))


def start_times(provider: DataProvider) -> dict[str, float]:
    """The wall time at which each run begins, in seconds since 1970 UTC. A run's relative time counts from
    there, of all its tags; runs whose beginning is not known are left out.
    """
    return {run.name: run.start_wall_time for run in provider.runs() if math.isfinite(run.start_wall_time)}


def x_values(
    columns: ScalarColumns | BlobColumns, axis: Axis, start_wall_time: float | None
) -> NDArray[np.float64]:
    """Every point's place on the x axis, float64.

    Args:
        start_wall_time: where relative time is 0; None stands for 1970.
    """
    import numpy as np

    if axis == "step":
        return columns.step.astype(np.float64)
    return columns.wall_time if axis == "wall" else columns.wall_time - (start_wall_time or 0.0)
