"""What the page asks of custom axes, and of the quality of what needs no job. Routes: docs/http_api.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response
from cupola.http.requests import ApiError, integer_member, member
from cupola.http.routing import post
from cupola.plugins.projector.decode import Column
from cupola.plugins.projector.layouts.axes import Axis, Term, project
from cupola.plugins.projector.layouts.quality import as_document, measure
from cupola.plugins.projector.store import Store

_MOST_TERMS: Final = 8


class Axes:
    """Custom axes of a store's embeddings. An axis is `{"component": 0}`, a principal component, or
    `{"terms": [{"sign": 1, "points": [5]}, {"sign": -1, "field": "label", "values": ["a"]}]}`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Below the plugin's path."""
        return [post("/axes", self._project), post("/quality", self._measure)]

    def _project(self, body: Mapping[str, Any]) -> Response:
        axes = self._axes(body)
        return columns_response(
            {
                "coordinates": [axis.coordinates for axis in axes],
                "variance": [axis.variance for axis in axes],
                "nearest": [axis.nearest.tolist() for axis in axes],
            }
        )

    def _measure(self, body: Mapping[str, Any]) -> Response:
        matrix = self._store.tensor(member(body, "run", str), member(body, "name", str))
        layout = np.stack([axis.coordinates for axis in self._axes(body)], axis=1)
        rows = np.flatnonzero(np.isfinite(layout).all(axis=1))
        found = measure(matrix[rows], layout[rows])
        if found is not None and len(rows) < len(matrix):
            found = found.at(rows)
        return columns_response({"quality": as_document(found)})

    def _axes(self, body: Mapping[str, Any]) -> list[Axis]:
        run, name = member(body, "run", str), member(body, "name", str)
        sphereize = integer_member(body, "sphereize", 0, low=0, high=1) == 1
        wanted = member(body, "axes", list)
        if len(wanted) not in (2, 3) or not all(isinstance(axis, dict) for axis in wanted):
            raise ApiError("member `axes` is no list of two or three objects; see docs/http_api.md")
        matrix = self._store.tensor(run, name)
        asked = [axis for axis in wanted if "component" not in axis]
        columns = self._store.metadata(run, name).columns if asked else []
        terms = [terms_of(axis, columns, len(matrix)) for axis in asked]
        try:
            custom = iter(project(matrix, terms, sphereize) if asked else [])
        except ValueError as error:
            raise ApiError(str(error), 422) from None
        return [
            self._component(run, name, sphereize, axis) if "component" in axis else next(custom)
            for axis in wanted
        ]

    def _component(self, run: str, name: str, sphereize: bool, axis: Mapping[str, Any]) -> Axis:
        projection, shape = self._store.projection(run, name, sphereize)
        at = integer_member(axis, "component", 0, low=0, high=1000)
        if at >= len(projection.components):  # a matrix of fewer dimensions is flat there
            return Axis(np.zeros(shape[0], np.float32), 0.0, np.zeros(0, np.int64))
        return Axis(projection.components[at], float(projection.variance[at]), np.zeros(0, np.int64))


def terms_of(axis: Mapping[str, Any], columns: Sequence[Column], count: int) -> list[Term]:
    """The terms of an axis, among `count` points with these columns of metadata.

    Raises:
        ApiError: it has none, or asks for points or fields that are not there.
    """
    return [_term(term, columns, count) for term in _terms(axis)]


def _terms(axis: Mapping[str, Any]) -> list[Any]:
    terms = member(axis, "terms", list)
    if not 1 <= len(terms) <= _MOST_TERMS or not all(isinstance(term, dict) for term in terms):
        raise ApiError(f"member `terms` is no list of 1 to {_MOST_TERMS} objects; see docs/http_api.md")
    return terms


def _term(term: Mapping[str, Any], columns: Sequence[Column], count: int) -> Term:
    sign = integer_member(term, "sign", 1, low=-1, high=1) or 1
    if "points" in term:
        points = np.asarray(_whole_numbers(term, count), np.int64)
        return Term(sign, points, f"point {points[0]}" if len(points) == 1 else f"{len(points)} points")
    field, values = member(term, "field", str), member(term, "values", list)
    column = next((column for column in columns if column.name == field), None)
    if column is None:
        raise ApiError(f"there is no field {field[:40]!r} in the metadata; choose another for this axis", 422)
    wanted = frozenset(map(str, values))
    codes = [code for code, value in enumerate(column.values) if value in wanted]
    shown = ", ".join(str(value)[:40] for value in values[:3])
    return Term(sign, np.flatnonzero(np.isin(column.codes, codes)), f"{field} {shown}")


def _whole_numbers(term: Mapping[str, Any], count: int) -> list[int]:
    points = member(term, "points", list)
    for point in points:
        if type(point) is not int or not 0 <= point < count:
            raise ApiError(f"a member of `points` is {str(point)[:40]}; wanted numbers from 0 to {count - 1}")
    return points
