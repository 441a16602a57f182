"""Routes of the graphs plugin: which graphs there are, and each as columns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import DecodeError, UnknownBlob, Unreadable
from cupola.events.event import decode_metadata, decode_value
from cupola.events.tensor import decode_tensor
from cupola.http.answers import columns_response, json_response
from cupola.http.requests import ApiError, integer, parameter
from cupola.http.routing import get
from cupola.plugins.graphs import keras, run_metadata
from cupola.plugins.graphs.decode import Graph, add_graph, columns, decode_graph
from cupola.provider import DataProvider
from cupola.types import SeriesInfo, SeriesKey

RUN_GRAPH: Final = "__run_graph__"
RUN_METADATA: Final = "__run_metadata__"
PLUGIN: Final = "graphs"

MAX_ENTRIES: Final = 500
"""Newest graphs of one series that are listed."""


def routes(provider: DataProvider) -> list[Route]:
    """Routes under `/api/graphs`; docs/http_api.md lists them."""

    def list_graphs(_: Request) -> Response:
        answer: list[dict[str, Any]] = []
        for info in provider.series(PLUGIN):
            kind = _kind(info)
            if kind == "stats":
                continue
            points = provider.blobs(info.key)
            for index in range(max(len(points.step) - MAX_ENTRIES, 0), len(points.step)):
                answer.append(
                    {
                        "run": info.key.run,
                        "tag": info.key.tag,
                        "index": index,
                        "kind": kind,
                        "step": int(points.step[index]),
                        "wall_time": float(points.wall_time[index]),
                        "bytes": int(points.size[index]),
                    }
                )
        return json_response({"graphs": answer})

    def graph(request: Request) -> Response:
        key = SeriesKey(parameter(request, "run"), PLUGIN, parameter(request, "tag", RUN_GRAPH))
        info = next(iter(provider.series(PLUGIN, tag=key.tag, runs=(key.run,))), None)
        points = provider.blobs(key)
        index = integer(request, "index", len(points.step) - 1)
        if index >= len(points.step):
            raise ApiError(f"`index` is {index}; there are {len(points.step)} graphs under this tag", 404)
        kind = _kind(info) if info is not None else "op"
        data = provider.read(points.key[index])
        decoded, own = _decode(kind, key, data)
        stats_tag, stats = _stats(provider, key.run, decoded, own)
        return columns_response(
            {
                "run": key.run,
                "tag": key.tag,
                "index": index,
                "kind": kind,
                **columns(decoded),
                "stats": stats and _stats_columns(decoded, stats),
                "stats_tag": stats_tag,
            }
        )

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


def _stats(
    provider: DataProvider, run: str, graph: Graph, own: dict[str, run_metadata.NodeStats]
) -> tuple[str | None, dict[str, run_metadata.NodeStats] | None]:
    """Tag and statistics of the run's newest metadata that speak of this graph's nodes."""
    names = set(graph.name)
    if own:
        return "", own
    for info in provider.series(PLUGIN, runs=(run,)):
        if _kind(info) != "stats":
            continue
        for key in reversed(provider.blobs(info.key).key[-20:]):
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
