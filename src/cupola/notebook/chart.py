"""`cupola.show`: a chart in the notebook itself, without a server, that stays in exported notebooks."""

from __future__ import annotations

import base64
import contextlib
import html
import os
import secrets
import sys
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cupola.cli import count
from cupola.errors import UnknownSeries
from cupola.notebook.svg import Line, chart_svg
from cupola.plugins.scalars.query import draw
from cupola.reader import Frame, Log
from cupola.reader import open as open_log

if TYPE_CHECKING:
    from cupola.notebook.widget import ChartWidget

Span = tuple[float, float]

MAX_TAGS_TOLD = 8


class Chart:
    """A line chart as an SVG image. A cell whose last value it is shows it: by the page's own chart, which
    answers to pointer and keys, where anywidget is installed and someone is there, else by the image.
    """

    def __init__(self, svg: str, description: str, widget: Callable[[str], ChartWidget]) -> None:
        self.svg = svg
        """The image as text."""
        self._description = description
        self._make_widget = widget

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

    @cached_property
    def widget(self) -> ChartWidget:
        """The chart as an `ipywidgets` widget, for layouts of one's own.

        Raises:
            ImportError: anywidget is not installed, or the page is not built.
        """
        return self._make_widget("")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"image/svg+xml": self.svg, "text/plain": repr(self)}
        if is_attended():
            with contextlib.suppress(ImportError):
                bundle |= self._alive()
        return bundle

    def _alive(self) -> dict[str, Any]:
        """What the chart that answers to the mouse adds.

        A saved notebook holds no widgets, only that one was there. So the output is the image, in whose place
        the widget puts itself, wherever a page holds both.
        """
        if needs_view():
            view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
            return {"application/vnd.jupyter.widget-view+json": view}
        place = secrets.token_hex(8)
        self._make_widget(place)
        image = base64.b64encode(self.svg.encode()).decode()
        alt = html.escape(self._description)
        return {
            "text/html": f'<div data-cupola-chart="{place}">'
            f'<img src="data:image/svg+xml;base64,{image}" alt="{alt}"></div>'
        }


def needs_view() -> bool:
    """Whether a widget's script runs only where the output is a widget: in VS Code and Colab."""
    return "google.colab" in sys.modules or "VSCODE_PID" in os.environ


def is_attended() -> bool:
    """Whether someone could type an answer where the cell's output is shown: nbconvert, papermill and other
    programs that run notebooks say that nobody can, and what they write is kept without a kernel.
    """
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return bool(getattr(getattr(shell, "kernel", None), "_allow_stdin", False))


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

    def draw_lines(span: Span | None, width_px: int) -> list[Line]:
        return [line for frame in frames for line in _lines(frame, span, width_px, smoothing)]

    def make_widget(place: str) -> ChartWidget:
        return _widget_class()(chosen, opened.runs, draw_lines, width, height, place)

    lines = draw_lines(None, width)
    points = sum(map(len, frames))
    return Chart(
        chart_svg(chosen, lines, opened.runs, width, height),
        f"{chosen!r}, {count(len(lines), 'run')}, {count(points, 'point')}",
        make_widget,
    )


def _widget_class() -> type[ChartWidget]:
    try:
        from cupola.notebook.widget import ChartWidget
    except ModuleNotFoundError as error:
        if error.name not in ("anywidget", "ipywidgets", "traitlets"):
            raise
        raise ImportError(
            "a chart that answers to the mouse needs anywidget, which is not installed: pip install anywidget"
        ) from error
    except FileNotFoundError as error:
        raise ImportError("the chart's script is not built; run `make page` in the checkout") from error
    return ChartWidget


def _only_tag(log: Log) -> str:
    tags = log.tags()
    if len(tags) == 1:
        return tags[0]
    if not tags:
        raise UnknownSeries(f"{log!r} holds no scalars to show")
    told = ", ".join(map(repr, tags[:MAX_TAGS_TOLD])) + (" …" if len(tags) > MAX_TAGS_TOLD else "")
    raise UnknownSeries(f"the log has {len(tags)} tags of scalars; wanted one of them as `tag`: {told}")


def _lines(frame: Frame, span: Span | None, width_px: int, smoothing: float) -> Iterable[Line]:
    """A line for each run of a frame, of the points that show it."""
    borders = np.flatnonzero(frame.run[1:] != frame.run[:-1]) + 1
    for part in np.split(np.arange(len(frame)), borders) if len(frame) else ():
        x, value = frame.step[part].astype(np.float64), frame.value[part]
        drawing = draw(x, value, span, width_px, smoothing)
        drawn = value[drawing.index].astype(np.float64)
        yield Line(str(frame.run[part[0]]), drawing.x, drawn, drawing.smoothed)
