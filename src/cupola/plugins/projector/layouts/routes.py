"""What the page asks of layouts. Routes: docs/http_api.md."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.http.answers import columns_response, json_response
from cupola.http.requests import ApiError, choice, integer, member
from cupola.http.routing import get, post
from cupola.plugins.projector.layouts import parameters as rules
from cupola.plugins.projector.layouts.estimate import estimate
from cupola.plugins.projector.layouts.job import FINAL, Job
from cupola.plugins.projector.layouts.jobs import Jobs, TooManyJobs
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.steps import supervising
from cupola.plugins.projector.store import Store

WAIT_S: Final = 10.0
"""How long a question for the next frame waits for one."""
ACTIONS: Final = ("pause", "resume", "perturb", "cancel")

_LOOK_S: Final = 0.03


class Layouts:
    """Layouts of a store's embeddings."""

    def __init__(self, store: Store, jobs: Jobs) -> None:
        self._store = store
        self._jobs = jobs

    def routes(self) -> list[Route]:
        """Below the plugin's path."""
        return [
            get("/layouts", self._describe),
            post("/layouts", self._start),
            post("/layouts/control", self._control),
            Route("/layouts/{id}/frames", self._frames, methods=["GET"]),
        ]

    def _describe(self, request: Request) -> Response:
        return json_response(self._plan(request.query_params)[0])

    def _start(self, body: Mapping[str, Any]) -> Response:
        asked = {"run": member(body, "run", str), "name": member(body, "name", str)}
        asked |= {"method": member(body, "method", str)}
        for name, value in member(body, "parameters", dict, {}).items():
            asked[name] = value if isinstance(value, str) else repr(value)
        plan, wanted = self._plan(asked)
        try:
            job = self._jobs.start(
                plan["id"], wanted, lambda: self._read(asked["run"], asked["name"], wanted)
            )
        except TooManyJobs:
            raise ApiError(
                "many layouts wait already; cancel some, or try again when they are done", 429
            ) from None
        return json_response(plan | _state(job))

    def _control(self, body: Mapping[str, Any]) -> Response:
        job = self._job(member(body, "id", str))
        getattr(job, choice(member(body, "action", str), "action", ACTIONS))()
        return json_response({"id": job.id} | _state(job))

    async def _frames(self, request: Request) -> Response:
        after = integer(request, "after", -1, low=-1)
        deadline_s = time.monotonic() + WAIT_S
        job = self._job(request.path_params["id"])
        while job.news <= after and job.state not in FINAL and time.monotonic() < deadline_s:
            await asyncio.sleep(_LOOK_S)
            self._job(job.id)  # a page that waits is a page that is there
        return await run_in_threadpool(_frame, job)

    def _job(self, job_id: str) -> Job:
        job = self._jobs.find(job_id)
        if job is None:
            raise ApiError("this layout is not kept any more; start it anew", 404)
        return job

    def _plan(self, asked: Mapping[str, str]) -> tuple[dict[str, Any], Parameters]:
        """What is asked for, with its id, what it takes, and how far it is. Starts nothing."""
        for name in ("run", "name", "method"):
            if name not in asked:
                raise ApiError(f"no parameter `{name}`; wanted `{name}=…`")
        try:
            wanted = rules.parse(asked["method"], asked)
        except ValueError as error:
            raise ApiError(str(error)) from None
        content, shape = self._store.content(asked["run"], asked["name"])
        job_id = hashlib.sha256(f"{content}\n{wanted.key()}".encode("utf-8", "replace")).hexdigest()[:24]
        takes = estimate(wanted, shape)
        plan = {
            "id": job_id,
            "method": wanted.method,
            "parameters": dict(wanted.values),
            "shape": list(shape),
            "estimate": {"duration_s": takes.duration_s, "memory_bytes": takes.memory_bytes},
        }
        job = self._jobs.find(job_id)
        return plan | (_state(job) if job else {"state": "absent", "error": ""}), wanted

    def _read(
        self, run: str, name: str, wanted: Parameters
    ) -> tuple[NDArray[np.float32], NDArray[np.int32] | None]:
        matrix = self._store.tensor(run, name)
        if not wanted["supervise"]:
            return matrix, None
        return matrix, supervising(self._store.metadata(run, name).columns, wanted)


def _state(job: Job) -> dict[str, Any]:
    """How far a job is, without the arrays that only frames hold."""
    said = {name: value for name, value in job.said.items() if name != "quality"}
    return {"state": job.state, "error": job.error, **said}


def _frame(job: Job) -> Response:
    """The newest frame of a job, with the number to ask for what comes after it."""
    news, quality = job.news, job.said.get("quality")
    return columns_response(
        {
            "news": news,
            **_state(job),
            "quality": quality,
            "rows": job.rows,
            "coordinates": job.coordinates,
        }
    )
