"""Matplotlib figures to pixels."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.values.png import Pixels


def figure_to_image(figures: Any, close: bool = True) -> Pixels:
    """Pixels of a figure, 3 x H x W, or of a list of equally sized ones, N x 3 x H x W. Drawn by Agg,
    whatever the figure's own backend is.

    Args:
        figures: `matplotlib.figure.Figure`, or a list of them.
        close: whether pyplot forgets the figures.

    Raises:
        WrongType: something else.
        WrongValue: an empty list, or figures of different sizes.
    """
    if not isinstance(figures, (list, tuple)):
        return _draw(figures, close)
    drawn = [_draw(figure, close) for figure in figures]
    sizes = {pixels.shape for pixels in drawn}
    if len(sizes) != 1:
        seen = ", ".join(f"{width}x{height}" for _, height, width in sorted(sizes)) or "no figure"
        raise WrongValue(
            f"figure is a list with {seen} pixels; wanted figures of one size: set figsize and dpi"
        )
    return np.stack(drawn)


def _draw(figure: Any, close: bool) -> Pixels:
    matplotlib_figure = sys.modules.get("matplotlib.figure")
    if matplotlib_figure is None or not isinstance(figure, matplotlib_figure.Figure):
        raise WrongType(
            f"figure is of type {type(figure).__qualname__}; wanted a Matplotlib Figure or a list of them: "
            "arrays go to add_image"
        )
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    shown_on = figure.canvas
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rgba = np.asarray(canvas.buffer_rgba())
    figure.set_canvas(shown_on)
    if close and (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close(figure)
    return np.moveaxis(rgba[:, :, :3], 2, 0).copy()
