"""Routes of the histograms room: a tag's histograms as columns over an axis, nothing sampled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response
from cupola.http.requests import ApiError, member, post, strings
from cupola.plugins.histograms.cache import HistogramCache
from cupola.plugins.histograms.decode import Doubles, Histogram
from cupola.plugins.histograms.merge import Groups, group, merge, pick
from cupola.provider import DataProvider
from cupola.types import BlobColumns, SeriesKey

MAX_WIDTH: Final = 4096
"""Most columns that one question may ask for."""

MAX_REASONS: Final = 100
"""Most damaged points that an answer names; it counts all."""

AXES: Final = ("step", "relative", "wall")


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/histograms`; docs/http_api.md lists them."""
    cache = HistogramCache(provider)

    def data(body: Mapping[str, Any]) -> Response:
        tag, runs = member(body, "tag", str), strings(body, "runs")
        axis = member(body, "x", str, "step")
        if axis not in AXES:
            raise ApiError(f"`x` is {axis!r}; wanted one of {', '.join(AXES)}")
        width = member(body, "width", int, 512)
        wanted = member(body, "pick", int, 0)
        if not 1 <= width <= MAX_WIDTH or not 0 <= wanted <= MAX_WIDTH:
            raise ApiError(f"width {width}, pick {wanted}; wanted 1 to {MAX_WIDTH} columns")
        limits = _range(body)
        answer = [
            _series(provider, cache, info.key, axis, limits, width, wanted)
            for info in provider.series("histograms")
            if info.key.tag == tag and (runs is None or info.key.run in runs)
        ]
        return columns_response({"tag": tag, "x": axis, "series": answer})

    return [post("/data", data)]


def _range(body: Mapping[str, Any]) -> tuple[float, float] | None:
    limits = body.get("range")
    if limits is None:
        return None
    if (
        not isinstance(limits, list)
        or len(limits) != 2
        or not all(isinstance(limit, (int, float)) and np.isfinite(limit) for limit in limits)
        or limits[0] > limits[1]
    ):
        raise ApiError("`range` is no [low, high] of finite numbers, and not null")
    return float(limits[0]), float(limits[1])


def _series(
    provider: DataProvider,
    cache: HistogramCache,
    key: SeriesKey,
    axis: str,
    limits: tuple[float, float] | None,
    width: int,
    wanted: int,
) -> dict[str, Any]:
    columns = provider.blobs(key)
    x = _axis(columns, axis)
    finite = x[np.isfinite(x)]
    low, high = limits or ((finite.min(), finite.max()) if len(finite) else (0.0, 0.0))
    if wanted:
        inside = np.flatnonzero((x >= low) & (x <= high))
        inside = inside[np.argsort(x[inside], kind="stable")]
        order = inside[pick(len(inside), wanted)]
        groups = Groups(order, np.arange(len(order) + 1))
    else:
        groups = group(x, low, high, width)
    found = {
        int(i): cache.get(columns.reference[i], float(columns.wall_time[i])) for i in groups.order.tolist()
    }
    merged, exact, points = [], True, []
    kept: list[int] = []
    for begin, end in zip(groups.start[:-1].tolist(), groups.start[1:].tolist(), strict=True):
        parts = [h for i in groups.order[begin:end].tolist() if isinstance(h := found[i], Histogram)]
        if parts:
            histogram, is_exact = merge(parts)
            exact &= is_exact
            merged.append(histogram)
            points.append(len(parts))
            kept += (begin, end - 1)
    ends = groups.order[kept].reshape(-1, 2)
    damaged = [(i, h) for i, h in sorted(found.items()) if isinstance(h, str)]
    return {
        "run": key.run,
        "count": len(x),
        "exact": exact,
        "points": np.array(points, np.uint32),
        "x": x[ends[:, 0]],
        "x_end": x[ends[:, 1]],
        "step": columns.step[ends[:, 0]],
        "step_end": columns.step[ends[:, 1]],
        "wall_time": columns.wall_time[ends[:, 0]],
        "offset": np.cumsum([0, *(len(h.left) for h in merged)], dtype=np.uint32),
        "left": _joined(merged, "left"),
        "right": _joined(merged, "right"),
        "bin_count": _joined(merged, "count"),
        "damaged_count": len(damaged),
        "damaged": [
            {"index": i, "step": int(columns.step[i]), "reason": reason}
            for i, reason in damaged[:MAX_REASONS]
        ],
    }


def _axis(columns: BlobColumns, axis: str) -> Doubles:
    if axis == "step":
        return columns.step.astype(np.float64)
    if axis == "wall":
        return columns.wall_time
    finite = columns.wall_time[np.isfinite(columns.wall_time)]
    since_first: Doubles = columns.wall_time - (finite[0] if len(finite) else 0.0)
    return since_first


def _joined(histograms: list[Histogram], name: str) -> Doubles:
    return np.concatenate([np.empty(0), *(getattr(histogram, name) for histogram in histograms)])
