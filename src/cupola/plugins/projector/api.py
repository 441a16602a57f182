"""What the page asks of embeddings. Routes: docs/http_api.md."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cupola.columns import MEDIA_TYPE
from cupola.http.answers import blob_response, columns_response, json_response
from cupola.http.requests import ApiError, integer, parameter
from cupola.http.routing import get
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.encode import encode_tsv
from cupola.plugins.projector.layouts.routes import Layouts
from cupola.plugins.projector.neighbours import METRICS, nearest
from cupola.plugins.projector.store import Store
from cupola.provider import DataProvider

_PIECE_VALUES = 1 << 20


def routes(provider: DataProvider) -> list[Route]:
    """The plugin's routes, mounted under `/api/projector`."""
    store = Store(provider)

    def embeddings(request: Request) -> Response:
        runs = store.runs()
        return json_response(
            {
                "embeddings": [_entry(run.name, embedding) for run in runs for embedding in run.embeddings],
                "problems": [{"run": run.name, "problem": run.problem} for run in runs if run.problem],
            }
        )

    def pca(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        projection, shape = store.projection(run, name, integer(request, "sphereize", 0, high=1) == 1)
        return columns_response(
            {
                "run": run,
                "name": name,
                "shape": list(shape),
                "finite": projection.finite,
                "approximate": projection.approximate,
                "variance": projection.variance.tolist(),
                "components": projection.components,
            }
        )

    def metadata(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        found = store.metadata(run, name)
        sprite = store.describe_sprite(run, name)
        return columns_response(
            {
                "sprite": {"size": sprite.size, "version": sprite.version} if sprite else None,
                "rows": found.rows,
                "columns": [
                    {"name": c.name, "numeric": c.numeric, "values": c.values, "codes": c.codes}
                    for c in found.columns
                ],
            }
        )

    def sprite(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        file = store.sprite(run, name)
        immutable = parameter(request, "version", "") == file.version
        return blob_response(file.read(), request=request, immutable=immutable, name="sprite")

    def neighbours(request: Request) -> Response:
        matrix = store.tensor(parameter(request, "run"), parameter(request, "name"))
        index = integer(request, "index", high=len(matrix) - 1)
        metric = parameter(request, "metric", "cosine")
        if metric not in METRICS:
            raise ApiError(f"`metric` is {metric[:40]!r}; wanted one of {', '.join(METRICS)}")
        indices, away = nearest(matrix, index, integer(request, "count", 100, low=1, high=10_000), metric)
        return json_response({"indices": indices.tolist(), "distances": away.tolist()})

    def tensor(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        form = parameter(request, "format", "columns")
        matrix = store.tensor(run, name)
        if form == "tsv":
            headers = {
                "Content-Disposition": 'attachment; filename="tensors.tsv"',
                "Cache-Control": "no-store",
            }
            return StreamingResponse(
                map(encode_tsv, _pieces(matrix)), media_type="text/tab-separated-values", headers=headers
            )
        if form != "columns":
            raise ApiError(f"`format` is {form[:40]!r}; wanted columns or tsv")
        return StreamingResponse(
            _tensor_columns(matrix), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
        )

    return [
        get("/embeddings", embeddings),
        get("/pca", pca),
        get("/metadata", metadata),
        get("/sprite", sprite),
        get("/neighbours", neighbours),
        get("/tensor", tensor),
        *Layouts(store).routes(),
    ]


def _entry(run: str, embedding: Embedding) -> dict[str, Any]:
    return {
        "run": run,
        "name": embedding.tensor_name,
        "tag": embedding.tag,
        "step": embedding.step,
        "shape": list(embedding.tensor_shape) if len(embedding.tensor_shape) == 2 else None,
        "metadata": bool(embedding.metadata_path),
        "tile": list(embedding.tile_size) if embedding.sprite_path and embedding.tile_size else None,
    }


def _pieces(matrix: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    step = max(1, _PIECE_VALUES // max(1, matrix.shape[1]))
    return (matrix[start : start + step] for start in range(0, len(matrix), step))


def _tensor_columns(matrix: NDArray[np.float32]) -> Iterator[bytes]:
    """`{"shape": [N, D], "values": f4}` as columns, without a second copy of the tensor in memory."""
    count = math.prod(matrix.shape)
    header = f'{{"shape":{list(matrix.shape)},"values":{{"$column":[0,{count},"f4"]}}}}'.encode()
    header += b" " * (-(4 + len(header)) % 8)
    yield len(header).to_bytes(4, "little") + header
    for piece in _pieces(matrix):
        yield np.ascontiguousarray(piece, "<f4").tobytes()
    yield b"\0" * (-count * 4 % 8)
