"""What the page asks of embeddings. Routes: docs/http_api.md."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cupola.columns import MEDIA_TYPE
from cupola.http.answers import blob_response, columns_response, described, json_response
from cupola.http.requests import ApiError, integer, integer_member, member, parameter
from cupola.http.routing import get, post
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.decode import Metadata
from cupola.plugins.projector.encode import encode_tsv
from cupola.plugins.projector.layouts.axes_routes import Axes
from cupola.plugins.projector.layouts.changes_routes import Changes
from cupola.plugins.projector.layouts.film_routes import Films
from cupola.plugins.projector.layouts.jobs import Jobs
from cupola.plugins.projector.layouts.routes import Layouts
from cupola.plugins.projector.matrices.opened import OpenedFiles
from cupola.plugins.projector.matrices.provider import MatrixProvider
from cupola.plugins.projector.matrices.routes import Files
from cupola.plugins.projector.neighbours import METRICS, nearest
from cupola.plugins.projector.selections import points
from cupola.plugins.projector.store import Run, Store
from cupola.plugins.projector.tiles import MAX_PIXELS, MAX_TILES, encode_tiles
from cupola.provider import DataProvider

_PIECE_VALUES = 1 << 20


def routes(provider: DataProvider) -> list[Route]:
    """The plugin's routes, mounted under `/api/projector`."""
    opened = OpenedFiles((provider.file,) if isinstance(provider, MatrixProvider) else ())
    store, jobs = Store(provider, opened), Jobs()

    def embeddings(request: Request) -> Response:
        runs = store.runs()
        return json_response(
            {
                "embeddings": [_entry(run.name, embedding) for run in runs for embedding in run.embeddings],
                "problems": [_problem(run, run.problem) for run in runs if run.problem],
            }
        )

    def pca(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        projection, shape = store.projection(run, name, integer(request, "sphereize", 0, high=1) == 1)
        declared = store.declared_rows(run, name)
        wanted = _components(request, len(projection.components))
        return columns_response(
            {
                "run": run,
                "name": name,
                "shape": list(shape),
                "finite": projection.finite,
                **({} if declared is None else {"declared_rows": declared}),
                "approximate": projection.approximate,
                "variance": projection.variance.tolist(),
                "components": [
                    column if at in wanted else None for at, column in enumerate(projection.components)
                ],
            }
        )

    def metadata(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        wanted = integer(request, "columns", 1, high=1) == 1
        found = store.metadata(run, name) if wanted else Metadata([], 0)
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

    def image(request: Request) -> Response:
        run, name = parameter(request, "run"), parameter(request, "name")
        tiles = store.tiles(run, name)
        index = integer(request, "index", high=tiles.count - 1)
        immutable = parameter(request, "version", "") == store.sprite_version(run, name)
        one = tiles.cut(np.array([index]), max(tiles.tile))
        return blob_response(encode_tiles(one), request=request, immutable=immutable, name="image")

    def sprite_tiles(body: Mapping[str, Any]) -> Response:
        tiles = store.tiles(member(body, "run", str), member(body, "name", str))
        size = integer_member(body, "size", 32, low=1, high=2048)
        indices = _indices(body, size)
        # Nothing that a browser could keep: other points are asked for every time.
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(encode_tiles(tiles.cut(indices, size)), media_type="image/png", headers=headers)

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
            return _tsv(matrix, headers)
        if form != "columns":
            raise ApiError(f"`format` is {form[:40]!r}; wanted columns or tsv")
        return StreamingResponse(
            _tensor_columns(matrix), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
        )

    def rows(body: Mapping[str, Any]) -> Response:
        matrix = store.tensor(member(body, "run", str), member(body, "name", str))
        return _tsv(matrix[points(body, len(matrix))], {"Cache-Control": "no-store"})

    def subset(body: Mapping[str, Any]) -> Response:
        run, name = member(body, "run", str), member(body, "name", str)
        chosen = points(body, len(store.tensor(run, name)))
        if not chosen.any():
            raise ApiError("member `points` holds no point; select some")
        made = store.subset(run, name, chosen)
        return json_response(_entry(made.run, *made.embeddings()))

    def bookmarks(request: Request) -> Response:
        data = store.bookmarks(parameter(request, "run"), parameter(request, "name"))
        return json_response({"bookmarks": data})

    return [
        get("/embeddings", embeddings),
        get("/pca", pca),
        get("/metadata", metadata),
        get("/sprite", sprite),
        get("/sprite/image", image),
        post("/sprite/tiles", sprite_tiles),
        get("/neighbours", neighbours),
        get("/tensor", tensor),
        post("/rows", rows),
        post("/subsets", subset),
        get("/bookmarks", bookmarks),
        *Files(opened, _entry).routes(),
        *Axes(store).routes(),
        *Layouts(store, jobs).routes(),
        *Films(store, jobs).routes(),
        *Changes(store, jobs).routes(),
    ]


def _entry(run: str, embedding: Embedding) -> dict[str, Any]:
    return {
        "run": run,
        "name": embedding.tensor_name,
        "tag": embedding.tag,
        "step": embedding.step,
        "shape": list(embedding.tensor_shape) if len(embedding.tensor_shape) == 2 else None,
        "metadata": bool(embedding.metadata_path),
        "bookmarks": bool(embedding.bookmarks_path),
        "tile": list(embedding.tile_size) if embedding.sprite_path and embedding.tile_size else None,
    }


def _problem(run: Run, error: Exception) -> dict[str, Any]:
    told = f"{run.config}: {error}" if run.config else str(error)
    return {"run": run.name, "problem": told, **described(error)}


def _indices(body: Mapping[str, Any], size_px: int) -> NDArray[np.int64]:
    """The member `indices`: points whose images are asked for."""
    asked = member(body, "indices", list)
    most = max(1, min(MAX_TILES, MAX_PIXELS // size_px**2))
    if not 0 < len(asked) <= most or not all(type(index) is int and 0 <= index < 2**31 for index in asked):
        raise ApiError(
            f"member `indices` is no list of 1 to {most} numbers of points (so many of {size_px} px)"
        )
    return np.array(asked, np.int64)


def _tsv(matrix: NDArray[np.float32], headers: Mapping[str, str]) -> Response:
    return StreamingResponse(
        map(encode_tsv, _pieces(matrix)), media_type="text/tab-separated-values", headers=headers
    )


def _components(request: Request, count: int) -> frozenset[int]:
    """Which components are asked for; all without a word."""
    text = parameter(request, "components", "")
    if not re.fullmatch(r"([0-9]{1,3}(,[0-9]{1,3}){0,20})?", text, re.ASCII):
        raise ApiError(f"`components` is {text[:40]!r}; wanted numbers between commas, as in 0,1,2")
    return frozenset(map(int, text.split(","))) if text else frozenset(range(count))


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
