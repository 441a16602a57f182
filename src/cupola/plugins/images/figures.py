"""Figures of Matplotlib and Plotly to pixels. Neither is imported here."""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.values.describe import describe_type, reason
from cupola.values.foreign import as_items
from cupola.values.png import Pixels


def figure_to_image(figures: Any, close: bool = True) -> Pixels:
    """Pixels of a figure, 3 x H x W, or of several equally sized ones, N x 3 x H x W.

    Args:
        figures: `matplotlib.figure.Figure`, drawn by Agg whatever its own backend is; or what has one, as an
            `Axes` or a seaborn grid; or a Plotly figure, which Plotly draws if kaleido is installed; or a
            list of such.
        close: whether pyplot forgets the figures.

    Raises:
        WrongType: something else, or Plotly cannot draw.
        WrongValue: an empty list, or figures of different sizes.
    """
    items = None if _is_plotly(figures) else as_items(figures)
    if items is None:
        return _draw(figures, close)
    drawn = [_draw(figure, close) for figure in items]
    sizes = {pixels.shape for pixels in drawn}
    if len(sizes) != 1:
        seen = ", ".join(f"{width}x{height}" for _, height, width in sorted(sizes)) or "no figure"
        raise WrongValue(
            f"figure is a list with {seen} pixels; wanted figures of one size: set figsize and dpi"
        )
    return np.stack(drawn)


def _draw(figure: Any, close: bool) -> Pixels:
    if _is_plotly(figure):
        return _draw_plotly(figure)
    kind = getattr(sys.modules.get("matplotlib.figure"), "Figure", ())
    try:
        found = figure if isinstance(figure, kind) else getattr(figure, "figure", None)
    except Exception:  # whatever its class raises when it is looked at
        found = None
    if not isinstance(found, kind):
        raise WrongType(
            f"figure is {describe_type(figure)}; wanted a Figure of Matplotlib or Plotly, or a list of them: "
            "arrays and pictures go to add_image"
        )
    return _draw_matplotlib(found, close)


def _draw_matplotlib(figure: Any, close: bool) -> Pixels:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    shown_on = figure.canvas
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rgba = np.asarray(canvas.buffer_rgba())
    figure.set_canvas(shown_on)
    if close and (close_figure := getattr(sys.modules.get("matplotlib.pyplot"), "close", None)) is not None:
        close_figure(figure)
    return np.moveaxis(rgba[:, :, :3], 2, 0).copy()


def _is_plotly(figure: Any) -> bool:
    return isinstance(figure, getattr(sys.modules.get("plotly.basedatatypes"), "BaseFigure", ()))


def _draw_plotly(figure: Any) -> Pixels:
    from PIL import Image

    try:
        encoded = figure.to_image(format="png")
    except Exception as error:  # kaleido, or the browser that it needs, is missing
        raise WrongType(
            f"figure is a Plotly figure, and Plotly cannot draw it here ({reason(error)}); wanted one that "
            "it can: pip install kaleido"
        ) from error
    return np.moveaxis(np.asarray(Image.open(io.BytesIO(encoded)).convert("RGB")), 2, 0).copy()
