"""What the page asks of scalars: what to draw of a tag, what stands at a place of some cards, a row of
figures for each run, whole series.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cupola.errors import UnknownSeries
from cupola.http.answers import attachment, columns_response
from cupola.http.requests import (
    INT64_MAX,
    INT64_MIN,
    ApiError,
    choice,
    integer_member,
    member,
    number_member,
    parameter,
    series_key,
    strings,
    value_range,
)
from cupola.http.routing import get, post
from cupola.http.series import Axis, axis, start_times, x_values
from cupola.plugins.scalars.groups import (
    BANDS,
    CENTERS,
    Band,
    Center,
    GroupLine,
    aggregate,
    curve,
    draw_group,
)
from cupola.plugins.scalars.query import csv_rows, draw, extremes, json_rows
from cupola.plugins.scalars.readings import Readings, group_reading, nearest_place
from cupola.plugins.scalars.table import STATISTICS, Table
from cupola.provider import DataProvider
from cupola.types import DataClass, ScalarColumns, SeriesKey

MAX_WIDTH_PX: Final = 8192
MAX_PIXELS: Final = 500_000
"""Of all series of an answer together: a million points or 30 MB. With more runs each gets fewer pixels."""
MIN_WIDTH_PX: Final = 16
MAX_TABLE_TAGS: Final = 256
MAX_GROUPS: Final = 4096
MAX_CARDS: Final = 256
_INT32: Final = np.iinfo(np.int32)

Placed: TypeAlias = tuple[str, NDArray[np.float64], ScalarColumns]
"""A run, its points' places on the x axis, its points."""


def routes(provider: DataProvider) -> list[Route]:
    """`POST data`, `POST groups`, `POST readings`, `POST table`, `GET series`: see docs/http_api.md."""
    return [
        post("/data", lambda body: data(provider, body)),
        post("/groups", lambda body: groups(provider, body)),
        post("/readings", lambda body: readings(provider, body)),
        post("/table", lambda body: table(provider, body)),
        get("/series", lambda request: series(provider, request)),
    ]


def data(provider: DataProvider, body: Mapping[str, Any]) -> Response:
    """What to draw of a tag in some runs, as columns."""
    tag, along, span = member(body, "tag", str), axis(body), value_range(body)
    width_px = integer_member(body, "width", 640, low=1, high=MAX_WIDTH_PX)
    weight = number_member(body, "smoothing", 0.0, low=0, below=1)
    runs = _runs_of(provider, tag, strings(body, "runs"))
    width_px = max(MIN_WIDTH_PX, min(width_px, MAX_PIXELS // max(len(runs), 1)))
    starts = start_times(provider, runs)
    drawn = []
    for run, x, columns in _placed(provider, tag, runs, along, starts):
        drawing = draw(x, columns.value, span, width_px, weight)
        minimum, maximum = extremes(columns.value)
        kind = columns.value.dtype
        drawn.append(
            {
                "run": run,
                "start_wall_time": starts.get(run),
                "count": len(columns.step),
                "first_step": int(columns.step[0]),
                "last_step": int(columns.step[-1]),
                "last_value": float(columns.value[-1]),
                "minimum": minimum,
                "maximum": maximum,
                "complete": drawing.complete,
                "x": drawing.x,
                "step": _narrow(columns.step[drawing.index]),
                "wall_time": columns.wall_time[drawing.index],
                "value": columns.value[drawing.index],
                "smoothed": None if drawing.smoothed is None else drawing.smoothed.astype(kind, copy=False),
            }
        )
    return columns_response({"tag": tag, "x": along, "series": drawn})


def groups(provider: DataProvider, body: Mapping[str, Any]) -> Response:
    """One line with a band for each of some groups of runs, as columns."""
    tag, along, span = member(body, "tag", str), axis(body), value_range(body)
    asked = _groups_of(body)
    center, band = _spread_of(body)
    width_px = None
    if body.get("width") is not None:
        width_px = integer_member(body, "width", 640, low=1, high=MAX_WIDTH_PX)
        width_px = max(MIN_WIDTH_PX, min(width_px, MAX_PIXELS // max(len(asked), 1)))
    weight = number_member(body, "smoothing", 0.0, low=0, below=1)
    starts = start_times(provider, {run for _, runs in asked for run in runs})
    answered = []
    for name, runs in asked:
        found = list(_placed(provider, tag, runs, along, starts))
        line = _line_of(found, center, band)
        index, smoothed = draw_group(line, span, width_px, weight)
        answered.append(
            {
                "name": name,
                "runs": [run for run, _, _ in found],
                "count": len(line.x),
                "complete": len(index) >= _count_inside(line, span),
                "last": _place(line, int(np.flatnonzero(line.n)[-1])) if line.n.any() else None,
                "minimum": float(np.fmin.reduce(line.center, initial=np.nan)),
                "maximum": float(np.fmax.reduce(line.center, initial=np.nan)),
                "x": line.x[index],
                "n": line.n[index],
                **_named([column[index] for column in line.columns()]),
                "smoothed": None if smoothed is None else _named(smoothed),
            }
        )
    return columns_response({"tag": tag, "x": along, "center": center, "band": band, "groups": answered})


def readings(provider: DataProvider, body: Mapping[str, Any]) -> Response:
    """The exact points of some cards at one place: the one nearest to `at` that the first card has."""
    along, weight = axis(body), number_member(body, "smoothing", 0.0, low=0, below=1)
    at = number_member(body, "at", math.nan, low=-sys.float_info.max, below=math.inf)
    center, band = _spread_of(body)
    place: float | None = None
    answered = []
    for card in _cards_of(body):
        tag, pixel = member(card, "tag", str), number_member(card, "pixel", 0.0, low=0, below=math.inf)
        grouped = _groups_of(card) if card.get("groups") is not None else []
        runs = _runs_of(provider, tag, strings(card, "runs"))
        starts = start_times(provider, {*runs, *(run for _, members in grouped for run in members)})

        found = list(_placed(provider, tag, runs, along, starts))
        lines = [
            (name, _line_of(_placed(provider, tag, members, along, starts), center, band))
            for name, members in grouped
        ]
        if place is None:
            place = nearest_place([*(x for _, x, _ in found), *(line.x for _, line in lines)], at)
        if place is None:
            place = at
        rows = Readings(place, pixel, weight)
        for run, x, columns in found:
            rows.add(run, x, columns)
        answered.append(
            {
                "tag": tag,
                **rows.document(),
                "groups": [
                    {"name": name, **reading}
                    for name, line in lines
                    if (reading := group_reading(line, place, weight)) is not None
                ],
            }
        )
    return columns_response({"x": along, "at": place, "cards": answered})


def table(provider: DataProvider, body: Mapping[str, Any]) -> Response:
    """Figures of some tags, a row for each run that has one of them, as columns."""
    tags, names = strings(body, "tags"), strings(body, "statistics")
    if tags is None or len(tags) > MAX_TABLE_TAGS:
        seen = "missing" if tags is None else f"a list of {len(tags)}"
        raise ApiError(f"member `tags` is {seen}; wanted a list of at most {MAX_TABLE_TAGS} tags")
    statistics = [choice(name, "statistics", STATISTICS) for name in names or ["last"]]
    step = (
        None if body.get("step") is None else integer_member(body, "step", 0, low=INT64_MIN, high=INT64_MAX)
    )
    tags = list(dict.fromkeys(tags))
    runs_of = {tag: _runs_of(provider, tag, strings(body, "runs")) for tag in tags}
    runs = list(dict.fromkeys(run for found in runs_of.values() for run in found))
    row_of = {run: row for row, run in enumerate(runs)}
    answered = []
    for tag in tags:
        rows = Table(len(runs), statistics, step)
        for run, columns in _series_of(provider, tag, runs_of[tag]):
            rows.set(row_of[run], columns)
        answered.append({"tag": tag, **rows.columns})
    return columns_response({"runs": runs, "tags": answered})


def series(provider: DataProvider, request: Request) -> Response:
    """A whole series as JSON or CSV, sent while it is made."""
    form = parameter(request, "format", "json")
    if form not in ("json", "csv"):
        raise ApiError(f"`format` is {form[:40]!r}; wanted json or csv")
    key = series_key(request, "scalars")
    columns = provider.scalars(key)
    headers = {"Cache-Control": "no-store"}
    if form == "json":
        return StreamingResponse(json_rows(columns), media_type="application/json", headers=headers)
    headers["Content-Disposition"] = attachment(key, ".csv")
    return StreamingResponse(csv_rows(columns), media_type="text/csv", headers=headers)


def _groups_of(body: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The member `groups`: names, and the runs of each, once."""
    listed = member(body, "groups", list)
    if len(listed) > MAX_GROUPS:
        raise ApiError(f"member `groups` is a list of {len(listed)}; wanted at most {MAX_GROUPS}")
    found = []
    for group in listed:
        if not isinstance(group, dict):
            raise ApiError(f'member `groups` holds a {type(group).__name__}; wanted {{"name", "runs"}}')
        name, runs = member(group, "name", str), strings(group, "runs")
        if runs is None:
            raise ApiError(f"group {name[:40]!r} has no member `runs`; wanted a list of names of runs")
        found.append((name, list(dict.fromkeys(runs))))
    return found


def _count_inside(line: GroupLine, span: tuple[float, float] | None) -> int:
    if span is None:
        return len(line.x)
    first, behind = np.searchsorted(line.x, span[0], "left"), np.searchsorted(line.x, span[1], "right")
    return int(behind - first)


def _place(line: GroupLine, index: int) -> dict[str, float | None]:
    """A place of a group's line in numbers."""
    numbers = {
        name: column if column is None else float(column[index])
        for name, column in _named(line.columns()).items()
    }
    return {"x": float(line.x[index]), "n": int(line.n[index]), **numbers}


def _named(columns: Sequence[NDArray[np.float64]]) -> dict[str, NDArray[np.float64] | None]:
    """The columns of `GroupLine.columns` by their names; a group without a band has no ends."""
    center, *ends = columns
    low, high = ends or (None, None)
    return {"center": center, "low": low, "high": high}


def _runs_of(provider: DataProvider, tag: str, runs: list[str] | None) -> list[str]:
    """The runs asked for, each once; None stands for all that have the tag."""
    if runs is not None:
        return list(dict.fromkeys(runs))
    return [
        info.key.run for info in provider.series("scalars", tag=tag) if info.data_class is DataClass.SCALAR
    ]


def _series_of(provider: DataProvider, tag: str, runs: list[str]) -> Iterator[tuple[str, ScalarColumns]]:
    """The tag's series in these runs; runs that do not have it, or no longer, are left out."""
    for run in runs:
        try:
            columns = provider.scalars(SeriesKey(run, "scalars", tag))
        except UnknownSeries:
            continue
        if len(columns.step):
            yield run, columns


def _placed(
    provider: DataProvider, tag: str, runs: list[str], along: Axis, starts: Mapping[str, float]
) -> Iterator[Placed]:
    """The tag's series in these runs, with every point's place on the x axis."""
    for run, columns in _series_of(provider, tag, runs):
        yield run, x_values(columns, along, starts.get(run)), columns


def _line_of(members: Iterable[Placed], center: Center, band: Band) -> GroupLine:
    return aggregate([curve(x, columns.value) for _, x, columns in members], center, band)


def _spread_of(body: Mapping[str, Any]) -> tuple[Center, Band]:
    """What the lines of groups are: the members `center` and `band`."""
    center = choice(member(body, "center", str, "mean"), "center", CENTERS)
    band = choice(member(body, "band", str, "deviation"), "band", BANDS)
    return cast(Center, center), cast(Band, band)


def _cards_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    cards = member(body, "cards", list)
    if len(cards) > MAX_CARDS:
        raise ApiError(
            f"member `cards` is a list of {len(cards)}; wanted at most {MAX_CARDS}: ask for the rest apart"
        )
    for card in cards:
        if not isinstance(card, dict):
            raise ApiError(f'member `cards` holds a {type(card).__name__}; wanted {{"tag", "runs", "pixel"}}')
    return cards


def _narrow(steps: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[Any]]:
    """Steps as int32 where they fit: half the bytes."""
    fits = not len(steps) or (_INT32.min <= steps.min() and steps.max() <= _INT32.max)
    return steps.astype(np.int32) if fits else steps
