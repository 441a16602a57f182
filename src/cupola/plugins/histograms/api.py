"""Routes of the histograms plugin: a tag's histograms as columns over an axis, nothing sampled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response
from cupola.http.requests import integer_member, value_range
from cupola.http.routing import post
from cupola.http.series import axis, matching, start_times, with_points, x_values
from cupola.plugins.histograms.cache import HistogramCache
from cupola.plugins.histograms.decode import Doubles, Histogram
from cupola.plugins.histograms.merge import Groups, group, merge, pick
from cupola.provider import DataProvider
from cupola.types import BlobColumns

MAX_WIDTH: Final = 4096
"""Most columns that one question may ask for."""

MAX_REASONS: Final = 100
"""Most damaged points that an answer names; it counts all."""


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/histograms`; docs/http_api.md lists them."""
    cache = HistogramCache(provider)

    def data(body: Mapping[str, Any]) -> Response:
        along, limits = axis(body), value_range(body)
        width = integer_member(body, "width", 512, low=1, high=MAX_WIDTH)
        wanted = integer_member(body, "pick", 0, low=0, high=MAX_WIDTH)
        asked = matching(provider, "histograms", body)
        starts = start_times(provider, [info.key.run for info in asked])
        answer = []
        for info, columns in with_points(provider, asked):
            start = starts.get(info.key.run)
            x = x_values(columns, along, start)
            head = {"run": info.key.run, "start_wall_time": start}
            answer.append(head | _columns(cache, columns, x, limits, width, wanted))
        return columns_response({"tag": body["tag"], "x": along, "series": answer})

    return [post("/data", data)]


def _columns(
    cache: HistogramCache,
    columns: BlobColumns,
    x: Doubles,
    limits: tuple[float, float] | None,
    width: int,
    wanted: int,
) -> dict[str, Any]:
    """One series' histograms in at most `width` columns over `x`, or `wanted` of them unmerged."""
    finite = x[np.isfinite(x)]
    low, high = limits or ((finite.min(), finite.max()) if len(finite) else (0.0, 0.0))
    if wanted:
        inside = np.flatnonzero((x >= low) & (x <= high))
        inside = inside[np.argsort(x[inside], kind="stable")]
        order = inside[pick(len(inside), wanted)]
        groups = Groups(order, np.arange(len(order) + 1))
    else:
        groups = group(x, low, high, width)
    found = {i: cache.get(columns.key[i]) for i in groups.order.tolist()}
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


def _joined(histograms: list[Histogram], name: str) -> Doubles:
    return np.concatenate([np.empty(0), *(getattr(histogram, name) for histogram in histograms)])
