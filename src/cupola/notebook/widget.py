"""The chart that answers to the mouse: an anywidget of the page's own line chart.

Imports anywidget, so it is imported only where that is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

import cupola
from cupola.notebook.svg import Line

SCRIPT: Final = Path(cupola.__file__).parent / "_web" / "notebook" / "widget.js"
MAX_WIDTH_PX: Final = 8192

Draw = Callable[["tuple[float, float] | None", int], Sequence[Line]]
"""The lines to draw of a part of the steps (None: all) in so many pixels."""


class ChartWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """Draws what it is given, and asks for finer points where one zooms in.

    Args:
        tag: above the chart.
        runs: all runs of the log, by which colours are given.
        draw: gives the lines.
        width: at most so many pixels.
        height: in pixels.
        place: names the elements of the notebook's page in which it stands; empty for none.
    """

    _esm = SCRIPT.read_text("utf-8")  # as a path it would be watched for changes
    place = traitlets.Unicode().tag(sync=True)
    tag = traitlets.Unicode().tag(sync=True)
    runs = traitlets.List(traitlets.Unicode()).tag(sync=True)
    series = traitlets.List(traitlets.Dict()).tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(
        self, tag: str, runs: Sequence[str], draw: Draw, width: int, height: int, place: str = ""
    ) -> None:
        self._draw = draw
        series = _packed(draw(None, width))
        super().__init__(tag=tag, runs=list(runs), series=series, width=width, height=height, place=place)

    @traitlets.observe("view")  # type: ignore[untyped-decorator]
    def _look(self, change: Any) -> None:
        span, width = change["new"]["x"], change["new"]["width"]
        ends = None if span is None else (float(span[0]), float(span[1]))
        self.series = _packed(self._draw(ends, min(MAX_WIDTH_PX, int(width))))


def _packed(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """As web/src/notebook/source.svelte.ts reads them."""
    return [
        {
            "run": line.run,
            "x": line.x.astype("<f8").tobytes(),
            "value": line.value.astype("<f8").tobytes(),
            "smoothed": None if line.smoothed is None else line.smoothed.astype("<f8").tobytes(),
        }
        for line in lines
    ]
