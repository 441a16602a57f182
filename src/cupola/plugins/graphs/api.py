"""Routes of the graphs plugin: which graphs there are, and each as columns."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.events.event import decode_metadata, decode_value
from cupola.events.tensor import decode_tensor
from cupola.http.answers import columns_response, json_response
from cupola.http.requests import parameter
from cupola.http.routing import get
from cupola.http.series import with_points
from cupola.names import shorten
from cupola.plugins.graphs import keras, run_metadata
from cupola.plugins.graphs.decode import Graph, add_graph, columns, decode_graph
from cupola.provider import DataProvider
from cupola.types import BlobColumns, SeriesInfo, SeriesKey

RUN_GRAPH: Final = "__run_graph__"
RUN_METADATA: Final = "__run_metadata__"
PLUGIN: Final = "graphs"

MAX_ENTRIES: Final = 500
"""Newest graphs of one series that are listed."""
MAX_METADATA: Final = 20
"""Newest run metadata of one series in which a graph's statistics are looked for."""

_PROCESS: Final = secrets.token_hex(8)
"""Stands in ETags, since another version of cupola may answer otherwise for the same bytes."""


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/graphs`; docs/http_api.md lists them."""

    def graphs(series: Iterable[SeriesInfo]) -> Iterator[tuple[SeriesInfo, BlobColumns]]:
        return with_points(provider, (info for info in series if _kind(info) != "stats"))

    def list_graphs(_: Request) -> Response:
        answer: list[dict[str, Any]] = []
        for info, points in graphs(provider.series(PLUGIN)):
            first = max(len(points.step) - MAX_ENTRIES, 0)
            for index, key in enumerate(points.key[first:], first):
                answer.append(
                    {
                        "run": info.key.run,
                        "tag": info.key.tag,
                        "key": key,
                        "kind": _kind(info),
                        "step": int(points.step[index]),
                        "wall_time": float(points.wall_time[index]),
                        "bytes": int(points.size[index]),
                    }
                )
        return json_response({"graphs": answer})

    def graph(request: Request) -> Response:
        key = parameter(request, "key")
        known = provider.series(PLUGIN)
        info = next((info for info, points in graphs(known) if key in points.key), None)
        if info is None:
            raise UnknownBlob(f"no graph has the key {shorten(key)}; ask for the list anew")
        metadata = _metadata(provider, [other for other in known if other.key.run == info.key.run])
        headers = {"Cache-Control": "private, no-cache", "ETag": _etag(key, metadata)}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        kind = _kind(info)
        decoded, own = _decode(kind, info.key, provider.read(key))
        stats_tag, stats = ("", own) if own else _stats(provider, metadata, decoded)
        answer = columns_response(
            {
                "run": info.key.run,
                "tag": info.key.tag,
                "key": key,
                "kind": kind,
                **columns(decoded),
                "stats": stats and _stats_columns(decoded, stats),
                "stats_tag": stats_tag,
            }
        )
        answer.headers.update(headers)
        return answer

    return [get("/list", list_graphs), get("/graph", graph)]


def _kind(info: SeriesInfo) -> str:
    """`op`: a GraphDef; `keras`: a model's JSON; `profile`: run metadata with graphs; `stats`: run metadata
    without.
    """
    if info.key.tag == RUN_METADATA and not info.metadata:
        return "stats"
    name = decode_metadata(info.metadata).plugin_name if info.metadata else ""
    return {
        "graph_keras_model": "keras",
        "graph_run_metadata": "profile",
        "graph_run_metadata_graph": "profile",
        "graph_tagged_run_metadata": "stats",
    }.get(name, "op")


def _decode(kind: str, key: SeriesKey, data: bytes) -> tuple[Graph, dict[str, run_metadata.NodeStats]]:
    if key.tag != RUN_GRAPH or kind != "op":
        data = _content(data)
    if kind == "keras":
        return keras.decode_model(data), {}
    if kind == "profile":
        graph = Graph()
        for message in run_metadata.graphs(data):
            add_graph(graph, message)
        return graph, run_metadata.decode_stats(data)
    return decode_graph(data), {}


def _content(data: bytes) -> bytes:
    """The first string in the tensor of a `Summary.Value`."""
    value = decode_value(data)
    tensor = decode_tensor(value.data) if isinstance(value.data, bytes) else []
    if not isinstance(tensor, list) or not tensor:
        raise DecodeError(f"the graph under {value.tag!r} is no tensor of one string")
    return tensor[0]


def _metadata(provider: DataProvider, run: Iterable[SeriesInfo]) -> list[tuple[SeriesInfo, str]]:
    """Run metadata in which a graph's statistics are looked for: series and key, the newest of each first."""
    found = []
    for info, points in with_points(provider, (info for info in run if _kind(info) == "stats")):
        found += [(info, key) for key in reversed(points.key[-MAX_METADATA:])]
    return found


def _etag(key: str, metadata: Sequence[tuple[SeriesInfo, str]]) -> str:
    """Names an answer: a graph stays what it is, while metadata that is merged into it may come later."""
    parts = (_PROCESS, key, *(key for _, key in metadata))
    return f'"{hashlib.blake2b(" ".join(parts).encode(), digest_size=16).hexdigest()}"'


def _stats(
    provider: DataProvider, metadata: Iterable[tuple[SeriesInfo, str]], graph: Graph
) -> tuple[str | None, dict[str, run_metadata.NodeStats] | None]:
    """Tag and statistics of the first metadata that speak of this graph's nodes."""
    names = set(graph.name)
    for info, key in metadata:
        tag, stats = _read_stats(provider, info, key)
        if not names.isdisjoint(stats):
            return tag, stats
    return None, None


def _read_stats(
    provider: DataProvider, info: SeriesInfo, key: str
) -> tuple[str, dict[str, run_metadata.NodeStats]]:
    """Metadata that cannot be read costs its numbers, not the graph."""
    try:
        data = provider.read(key)
        if info.metadata:
            return info.key.tag, run_metadata.decode_stats(_content(data))
        tag, message = run_metadata.decode_tagged(data)
        return tag, run_metadata.decode_stats(message)
    except (DecodeError, UnknownBlob, Unreadable):
        return "", {}


def _stats_columns(graph: Graph, stats: dict[str, run_metadata.NodeStats]) -> dict[str, Any]:
    nothing = run_metadata.NodeStats()
    found = [stats.get(name, nothing) for name in graph.name]
    return {
        "time_us": np.array([item.time_us for item in found]),
        "bytes": np.array([item.bytes for item in found], np.float64),
    }
