"""What the page asks of films. Routes: docs/http_api.md."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response, json_response
from cupola.http.requests import ApiError, choice, integer, integer_member, member, parameter
from cupola.http.routing import get, post
from cupola.plugins.projector.config import Embedding
from cupola.plugins.projector.layouts import parameters as rules
from cupola.plugins.projector.layouts.axes_routes import terms_of
from cupola.plugins.projector.layouts.estimate import Estimate, estimate_film
from cupola.plugins.projector.layouts.film import ALIGNS, FRAMES_BYTES, Align, FilmFrames, reach
from cupola.plugins.projector.layouts.film_job import FilmJob, FilmTask
from cupola.plugins.projector.layouts.job import FINAL, Job
from cupola.plugins.projector.layouts.jobs import Jobs, TooManyJobs
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.routes import WAIT_S
from cupola.plugins.projector.layouts.steps import read_step
from cupola.plugins.projector.store import Store

METHODS: Final = ("axes", *rules.METHODS)
FITS: Final = ("each", "joint")

_KEPT_FILMS: Final = 64
_MOST_TRAILS: Final = 2000
_LOOK_S: Final = 0.03


@dataclass(slots=True)
class Film:
    """A film that was asked for."""

    id: str
    run: str
    steps: list[Embedding]
    keys: list[str]
    task: FilmTask
    takes: Estimate
    job: Job | None = None


class Films:
    """Films of a store's embeddings."""

    def __init__(self, store: Store, jobs: Jobs, frames: FilmFrames | None = None) -> None:
        self._store = store
        self._jobs = jobs
        self._frames = frames or FilmFrames()
        self._films: OrderedDict[str, Film] = OrderedDict()

    def routes(self) -> list[Route]:
        """Below the plugin's path."""
        return [
            post("/films", self._ask),
            Route("/films/{id}/progress", self._progress, methods=["GET"]),
            get("/films/{id}/frame", self._frame),
            post("/films/trails", self._trails),
        ]

    def _ask(self, body: Mapping[str, Any]) -> Response:
        film = self._film(body)
        if integer_member(body, "start", 0, low=0, high=1):
            self._start(film)
        return json_response(self._described(film))

    async def _progress(self, request: Request) -> Response:
        after = integer(request, "after", -1, low=-1)
        deadline_s = time.monotonic() + WAIT_S
        film = self._known(request.path_params["id"])
        job = film.job
        while job and job.news <= after and job.state not in FINAL and time.monotonic() < deadline_s:
            await asyncio.sleep(_LOOK_S)
            self._jobs.find(job.id)  # a page that waits is a page that is there
        return json_response(await run_in_threadpool(self._described, film))

    def _frame(self, request: Request) -> Response:
        film = self._known(request.path_params["id"])
        at = integer(request, "at", high=len(film.keys) - 1)
        frame = self._frames.get(film.keys[at])
        if frame is None:
            raise ApiError("this step is not laid out, or not any more; start the film anew", 404)
        return columns_response(
            {
                "problem": frame.problem,
                "ids": frame.ids,
                "coordinates": frame.coordinates(_align(parameter(request, "align", "rigid"))),
            }
        )

    def _trails(self, body: Mapping[str, Any]) -> Response:
        film = self._known(member(body, "id", str))
        asked = member(body, "ids", list)
        if len(asked) > _MOST_TRAILS or not all(type(at) is int and 0 <= at < 2**31 for at in asked):
            raise ApiError(f"member `ids` is no list of at most {_MOST_TRAILS} numbers of points")
        wanted = np.array(asked, np.int64)
        align = _align(member(body, "align", str, "rigid"))
        steps: list[Any] = []
        for key in film.keys:
            frame = self._frames.get(key)
            if frame is None or not frame.columns:
                steps.append(None)
                continue
            columns, ids = frame.coordinates(align), frame.ids
            count = len(columns[0])
            place = {int(found): at for at, found in enumerate(range(count) if ids is None else ids)}
            rows = np.array([place.get(int(at), -1) for at in wanted], np.int64)
            found = [np.where(rows >= 0, column[rows], np.float32(np.nan)) for column in columns]
            steps.append([column.astype(np.float32) for column in found] if count else None)
        return columns_response({"steps": steps})

    def _start(self, film: Film) -> None:
        first = self._frames.kept(film.keys)
        if first == len(film.keys):
            return
        size = sum(embedding.tensor_shape[0] for embedding in film.steps if embedding.tensor_shape)
        need = size * 4 * (len(film.task.axes) if film.task.axes else film.task.parameters["dimensions"])
        if need > FRAMES_BYTES:
            raise ApiError(
                f"a film of {len(film.steps)} steps with {size} points takes {need >> 20} MiB; at most "
                f"{FRAMES_BYTES >> 20} MiB are kept. Log fewer points or steps.",
                422,
            )
        name = hashlib.sha256(f"{film.id} from {first}".encode()).hexdigest()[:24]
        try:
            film.job = self._jobs.enter(
                name,
                lambda: FilmJob(name, film.task, film.keys, lambda at: self._read(film, at), self._frames),
            )
        except TooManyJobs:
            raise ApiError(
                "many layouts wait already; cancel some, or try again when they are done", 429
            ) from None

    def _read(self, film: Film, at: int) -> Any:
        try:
            return read_step(
                self._store, film.run, film.steps[at], film.task.parameters, film.task.axes or [], terms_of
            )
        except ApiError as error:
            raise ValueError(str(error)) from None

    def _known(self, film_id: str) -> Film:
        film = self._films.get(film_id)
        if film is None:
            raise ApiError("this film is not kept any more; ask for it anew", 404)
        if film.job:
            self._jobs.find(film.job.id)
        return film

    def _film(self, body: Mapping[str, Any]) -> Film:
        run, tag = member(body, "run", str), member(body, "tag", str)
        method = choice(member(body, "method", str), "method", METHODS)
        joint = choice(member(body, "fit", str, "each"), "fit", FITS) == "joint"
        task = _task(method, joint, body)
        steps = self._store.steps(run, tag)
        versions = [self._store.version(run, embedding) for embedding in steps]
        content = json.dumps(task.document(), sort_keys=True) + run
        all_steps = "\n".join(versions) if joint and task.axes else ""
        keys, key = [], hashlib.sha256(f"{content}{all_steps}".encode("utf-8", "replace")).hexdigest()
        for version in versions:  # a frame is made of its step and of those before it
            key = hashlib.sha256(f"{key}\n{version}".encode("utf-8", "replace")).hexdigest()
            keys.append(key)
        shapes = [embedding.tensor_shape for embedding in steps[self._frames.kept(keys) :]]
        takes = estimate_film(task.parameters, task.axes, shapes)
        film_id = key[:24]
        known = self._films.pop(film_id, None)
        film = Film(film_id, run, steps, keys, task, takes, known.job if known else None)
        self._films[film_id] = film
        while len(self._films) > _KEPT_FILMS:
            self._films.popitem(last=False)
        return film

    def _described(self, film: Film) -> dict[str, Any]:
        """How far a film is."""
        found = [self._frames.get(key) for key in film.keys]
        job = film.job
        state: str = "absent" if job is None or job.state == "done" else job.state
        if all(found):
            state = "done"
        said = job.said if job and job.state not in FINAL else {}
        return {
            "id": film.id,
            "job": job.id if job else None,
            "state": state,
            "error": job.error if job else "",
            "news": job.news if job else 0,
            "estimate": {"duration_s": film.takes.duration_s, "memory_bytes": film.takes.memory_bytes},
            "stage": said.get("stage"),
            "share": said.get("share"),
            "at": said.get("at"),
            "iteration": said.get("at_iteration"),
            "of": said.get("at_of"),
            "variance": job.said.get("variance") if job else None,
            "reach": {align: _reach(found, align) for align in ALIGNS},
            "steps": [
                {
                    "name": embedding.tensor_name,
                    "step": embedding.step,
                    "state": "absent" if frame is None else "done" if frame.columns else "problem",
                    "problem": frame.problem if frame else "",
                    "matched": frame.kind if frame else None,
                    "points": len(frame.columns[0]) if frame and frame.columns else None,
                }
                for embedding, frame in zip(film.steps, found, strict=True)
            ],
        }


def _reach(frames: list[Any], align: Align) -> dict[str, Any]:
    middle, radius = reach(frames, align)
    return {"middle": middle, "radius": radius}


def _align(text: str) -> Align:
    return choice(text, "align", tuple(ALIGNS))  # type: ignore[return-value]


def _task(method: str, joint: bool, body: Mapping[str, Any]) -> FilmTask:
    asked = member(body, "parameters", dict, {})
    if method != "axes":
        texts = {name: value if isinstance(value, str) else repr(value) for name, value in asked.items()}
        try:
            return FilmTask(rules.parse(method, texts), None, joint)
        except ValueError as error:
            raise ApiError(str(error)) from None
    axes = member(body, "axes", list)
    if len(axes) not in (2, 3) or not all(isinstance(axis, dict) for axis in axes):
        raise ApiError("member `axes` is no list of two or three objects; see docs/http_api.md")
    for axis in axes:
        if "component" in axis:
            integer_member(axis, "component", 0, low=0, high=1000)
        elif joint:
            raise ApiError(
                "an axis between points is the same one at every step, so there is no joint fit of it; "
                "wanted `fit` each, or axes that are components"
            )
    sphereize = integer_member(asked, "sphereize", 0, low=0, high=1)
    return FilmTask(Parameters("axes", {"sphereize": sphereize}), axes, joint)
