"""A line chart as SVG text, in the page's colours."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Source: web/src/base/runColors.ts; the light ones, since the image is white.
PALETTE: Final = (
    "#0000b5",
    "#139fc6",
    "#621300",
    "#ae8f07",
    "#be0065",
    "#6c4bf0",
    "#f75886",
    "#6e4c03",
    "#717505",
    "#6a017c",
    "#046443",
    "#239a60",
)
DASHES: Final = ("", "6 3", "1.5 3")
FONT: Final = "font-family='system-ui, sans-serif' font-size='11'"
LETTER_PX: Final = 6.2
"""About what a letter takes, for there is nothing to measure it with."""
MAX_LEGEND: Final = 24
TICKS_EVERY_PX: Final = 90


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn of a run: places and values of its points, float64, and their moving average."""

    run: str
    x: Floats
    value: Floats
    smoothed: Floats | None


def chart_svg(title: str, lines: Sequence[Line], runs: Sequence[str], width: int, height: int) -> str:
    """The image.

    Args:
        title: above it.
        lines: what is drawn.
        runs: all runs of the log, by which colours are given, so that a run has the same in every chart.
        width: in pixels.
        height: in pixels.
    """
    slots = assign_slots(runs)
    legend, legend_px = _legend([line.run for line in lines], slots, width)
    left, right, top, bottom = 58.0, width - 14.0, 34.0 + legend_px, height - 26.0
    low_x, high_x = extent([line.x for line in lines])
    low_y, high_y = extent([line.value for line in lines])
    pad = (high_y - low_y) * 0.04 or abs(high_y) * 0.1 or 1.0
    low_y, high_y = low_y - pad, high_y + pad
    if low_x == high_x:
        low_x, high_x = low_x - 0.5, high_x + 0.5

    def place_x(x: Floats) -> Floats:
        return left + (x - low_x) / (high_x - low_x) * (right - left)

    def place_y(y: Floats) -> Floats:
        return bottom - (y - low_y) / (high_y - low_y) * (bottom - top)

    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}' role='img' {FONT}>",
        f"<title>{text(title)}</title><rect width='100%' height='100%' fill='#fff'/>",
        f"<text x='14' y='20' font-size='13' font-weight='600' fill='#222'>{text(title)}</text>",
        legend,
    ]
    for tick in ticks(low_y, high_y, max(2, round((bottom - top) / 48))):
        y = float(place_y(np.array([tick]))[0])
        parts.append(f"<path d='M{left:g} {y:.1f}H{right:g}' stroke='#e4e4e4'/>")
        parts.append(
            f"<text x='{left - 6:g}' y='{y + 4:.1f}' text-anchor='end' fill='#666'>{tick:.6g}</text>"
        )
    for tick in ticks(low_x, high_x, max(2, round((right - left) / TICKS_EVERY_PX))):
        x = float(place_x(np.array([tick]))[0])
        label = f"{tick:,.0f}" if tick == round(tick) else f"{tick:g}"
        parts.append(f"<text x='{x:.1f}' y='{bottom + 16:g}' text-anchor='middle' fill='#666'>{label}</text>")
    parts.append(f"<path d='M{left:g} {bottom:g}H{right:g}' stroke='#bbb'/>")
    for line in lines:
        style = _style(slots[line.run])
        curves = [(line.value, "1")] if line.smoothed is None else [(line.value, ".25"), (line.smoothed, "1")]
        for values, opacity in curves:
            path = _path(place_x(line.x), place_y(values))
            parts.append(
                f"<path d='{path}' fill='none' {style} stroke-opacity='{opacity}' stroke-linejoin='round' "
                "stroke-linecap='round'/>"
            )
    return "".join([*parts, "</svg>"])


def ticks(low: float, high: float, about: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between two numbers, about so many."""
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(i * step, 12 - math.floor(math.log10(step))) for i in range(first, last + 1)]


def extent(arrays: Sequence[Floats]) -> tuple[float, float]:
    """Smallest and largest finite number; 0 and 1 if there is none."""
    finite = np.concatenate([array[np.isfinite(array)] for array in arrays]) if arrays else np.empty(0)
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def assign_slots(runs: Sequence[str]) -> dict[str, int]:
    """Hue and dash of each run, in the order in which the page gives them.

    Source: web/src/base/runColors.ts, assignSlots
    """
    count = len(PALETTE) * len(DASHES)
    return {run: index % count for index, run in enumerate(runs)}


def text(written: str) -> str:
    """Text of a log as XML can hold it."""
    return html.escape(
        "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in written)
    )


def _style(slot: int) -> str:
    dash = DASHES[slot // len(PALETTE)]
    return f"stroke='{PALETTE[slot % len(PALETTE)]}' stroke-width='1.5'" + (
        f" stroke-dasharray='{dash}'" if dash else ""
    )


def _path(x: Floats, y: Floats) -> str:
    """A path that is interrupted where a value is not finite; a point alone is a dot."""
    pieces: list[str] = []
    is_drawing = False
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        if math.isfinite(px) and math.isfinite(py):
            pieces.append(f"{'L' if is_drawing else 'M'}{px:.1f} {py:.1f}" + ("" if is_drawing else "h0"))
            is_drawing = True
        else:
            is_drawing = False
    return "".join(pieces)


def _legend(runs: Sequence[str], slots: dict[str, int], width: int) -> tuple[str, float]:
    """(the runs' names in rows, their height in pixels)."""
    parts: list[str] = []
    x, y = 14.0, 38.0
    more = len(runs) - MAX_LEGEND
    entries = [(run, _style(slots[run])) for run in runs[:MAX_LEGEND]]
    if more > 0:
        entries.append((f"and {more} more", ""))
    for name, style in entries:
        shown = name if len(name) <= 40 else f"…{name[-39:]}"
        taken = 24 + len(shown) * LETTER_PX
        if x > 14 and x + taken > width - 14:
            x, y = 14.0, y + 16
        if style:
            parts.append(f"<path d='M{x:.1f} {y - 4:g}h14' {style}/>")
        parts.append(f"<text x='{x + 18:.1f}' y='{y:g}' fill='#444'>{text(shown)}</text>")
        x += taken + 12
    return "".join(parts), y - 38 + 16 if entries else 0.0
