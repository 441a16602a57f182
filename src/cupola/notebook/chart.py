"""`cupola.show`: a chart in the notebook itself, without a server, that stays in exported notebooks."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from cupola.cli import count
from cupola.errors import UnknownSeries
from cupola.notebook.svg import Line, chart_svg
from cupola.plugins.scalars.query import draw
from cupola.reader import Frame, Log
from cupola.reader import open as open_log

MAX_TAGS_TOLD = 8


class Chart:
    """A line chart as an SVG image. A cell whose last value it is shows it."""

    def __init__(self, svg: str, description: str) -> None:
        self.svg = svg
        """The image as text."""
        self._description = description

    def __repr__(self) -> str:
        return f"Chart({self._description})"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the image into a file.

        Args:
            path: the file, `*.svg`, made anew.

        Raises:
            OSError: it cannot be written.
        """
        Path(path).write_text(self.svg, "utf-8")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def show(
    log: Log | str | os.PathLike[str],
    tag: str | None = None,
    run: str | Collection[str] | None = None,
    *,
    smoothing: float = 0.0,
    width: int = 720,
    height: int = 360,
) -> Chart:
    """A chart of a tag's scalars over their steps, a line for each run.

    Every pixel has its smallest and its largest point, so no spike is lost, whatever the number of points.

    Args:
        log: what `cupola.open` gave, or a log directory.
        tag: which scalars; None is right where there is one tag only.
        run: one run's name or several; None for all.
        smoothing: weight of the moving average, 0 to below 1, as on the page; the points stand faintly
            behind.
        width: of the image in pixels, 200 to 4000.
        height: of the image in pixels, 120 to 4000.

    Raises:
        LogdirError: there is no such directory.
        UnknownSeries: there is no such run or tag.
        ValueError: a number is out of its range.
    """
    for name, number, low in (("width", width, 200), ("height", height, 120)):
        if not low <= number <= 4000:
            raise ValueError(f"{name} is {number}; wanted {low} to 4000 pixels")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing is {smoothing}; wanted 0 to below 1")
    opened = log if isinstance(log, Log) else open_log(log)
    chosen = _only_tag(opened) if tag is None else tag
    runs = [None] if run is None else [run] if isinstance(run, str) else list(dict.fromkeys(run))
    frames = [opened.scalars(run=each, tag=chosen) for each in runs]
    lines = [line for frame in frames for line in _lines(frame, width, smoothing)]
    points = sum(map(len, frames))
    return Chart(
        chart_svg(chosen, lines, opened.runs, width, height),
        f"{chosen!r}, {count(len(lines), 'run')}, {count(points, 'point')}",
    )


def _only_tag(log: Log) -> str:
    tags = log.tags()
    if len(tags) == 1:
        return tags[0]
    if not tags:
        raise UnknownSeries(f"{log!r} holds no scalars to show")
    told = ", ".join(map(repr, tags[:MAX_TAGS_TOLD])) + (" …" if len(tags) > MAX_TAGS_TOLD else "")
    raise UnknownSeries(f"the log has {len(tags)} tags of scalars; wanted one of them as `tag`: {told}")


def _lines(frame: Frame, width_px: int, smoothing: float) -> Iterable[Line]:
    """A line for each run of a frame, of the points that show it."""
    borders = np.flatnonzero(frame.run[1:] != frame.run[:-1]) + 1
    for part in np.split(np.arange(len(frame)), borders) if len(frame) else ():
        x, value = frame.step[part].astype(np.float64), frame.value[part]
        drawing = draw(x, value, None, width_px, smoothing)
        drawn = value[drawing.index].astype(np.float64)
        yield Line(str(frame.run[part[0]]), drawing.x, drawn, drawing.smoothed)
