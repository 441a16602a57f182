"""What the page asks of neighbours that changed between two embeddings. Routes: docs/http_api.md."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response, json_response
from cupola.http.requests import ApiError, choice, integer_member, member
from cupola.http.routing import post
from cupola.plugins.projector.layouts import neighbours as graph
from cupola.plugins.projector.layouts.film import FilmFrames
from cupola.plugins.projector.layouts.film_job import KeptJob, StepInput
from cupola.plugins.projector.layouts.jobs import Jobs, TooManyJobs
from cupola.plugins.projector.layouts.kept import METRICS as KEPT_METRICS
from cupola.plugins.projector.layouts.kept import changed_neighbours
from cupola.plugins.projector.layouts.matching import Matching, match
from cupola.plugins.projector.layouts.steps import read_labels
from cupola.plugins.projector.neighbours import METRICS
from cupola.plugins.projector.store import Store

_MOST_NEIGHBOURS: Final = 200
_PAIR_S: Final = 2e-9  # per pair of points and dimension, where all are compared
_POINT_S: Final = 3e-5  # per point, where a graph is improved


class Changes:
    """Of two embeddings: `run`, `name` the later one, `before_run` (the same without it), `before_name`."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs
        self._results = FilmFrames(64 << 20)

    def routes(self) -> list[Route]:
        """Below the plugin's path."""
        return [
            post("/matching", self._matching),
            post("/neighbours/changes", self._changes),
            post("/neighbours/kept", self._kept),
        ]

    def _matching(self, body: Mapping[str, Any]) -> Response:
        found = self._match(body)
        return columns_response({"kind": found.kind, "places": found.places})

    def _changes(self, body: Mapping[str, Any]) -> Response:
        (run, name), (before_run, before_name) = _later(body), _earlier(body)
        after, before = self._store.tensor(run, name), self._store.tensor(before_run, before_name)
        index = integer_member(body, "index", 0, low=0, high=len(after) - 1)
        count = integer_member(body, "count", 20, low=1, high=10_000)
        metric = choice(member(body, "metric", str, "cosine"), "metric", METRICS)
        found = self._match(body)
        if found.kind in ("class", "none") or found.places[index] < 0:
            return json_response({"matched": found.kind, "there": False})
        lists = changed_neighbours(before, after, found.places, index, count, metric)
        return json_response({"matched": found.kind, "there": True, **lists})

    def _kept(self, body: Mapping[str, Any]) -> Response:
        later, earlier = _later(body), _earlier(body)
        k = integer_member(body, "k", 15, low=1, high=_MOST_NEIGHBOURS)
        metric = choice(member(body, "metric", str, "cosine"), "metric", KEPT_METRICS)
        pair = [(run, self._store.find(run, name)) for run, name in (earlier, later)]
        content = "\n".join(self._store.version(run, embedding) for run, embedding in pair)
        name = hashlib.sha256(f"kept {k} {metric} {later} {earlier}\n{content}".encode("utf-8", "replace"))
        job_id = name.hexdigest()[:24]
        frame, job = self._results.get(job_id), self._jobs.find(job_id)
        if frame is None and integer_member(body, "start", 0, low=0, high=1):
            try:
                job = self._jobs.enter(
                    job_id,
                    lambda: KeptJob(job_id, k, metric, lambda at: self._step(*pair[at]), self._results),
                )
            except TooManyJobs:
                raise ApiError("many layouts wait already; cancel some, or try again later", 429) from None
        state = "absent" if job is None or job.state == "done" else job.state
        shapes = [embedding.tensor_shape for _, embedding in pair if len(embedding.tensor_shape) == 2]
        return columns_response(
            {
                "job": job_id,
                "state": "done" if frame else state,
                "error": frame.problem if frame else job.error if job else "",
                "share": job.said.get("share") if job else None,
                "duration_s": sum(map(_duration, shapes)) + 0.5,
                "shares": frame.columns[0] if frame and frame.columns else None,
            }
        )

    def _step(self, run: str, embedding: Any) -> StepInput:
        matrix = self._store.tensor(run, embedding.tensor_name)
        return StepInput(matrix, read_labels(self._store, run, embedding, len(matrix)), None, [])

    def _match(self, body: Mapping[str, Any]) -> Matching:
        labels = []
        for run, name in (_earlier(body), _later(body)):
            count = len(self._store.tensor(run, name))
            labels.append(read_labels(self._store, run, self._store.find(run, name), count))
        return match(*labels)


def _duration(shape: tuple[int, ...]) -> float:
    count, width = shape
    return count * (count * width * _PAIR_S if count <= graph.EXACT_POINTS else width * _POINT_S)


def _later(body: Mapping[str, Any]) -> tuple[str, str]:
    return member(body, "run", str), member(body, "name", str)


def _earlier(body: Mapping[str, Any]) -> tuple[str, str]:
    return member(body, "before_run", str, member(body, "run", str)), member(body, "before_name", str)
