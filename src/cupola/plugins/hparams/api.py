"""What the page asks of hyperparameters: all of them, of all runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.errors import CupolaError, DecodeError
from cupola.events import event
from cupola.http.answers import columns_response
from cupola.http.routing import get
from cupola.plugins.hparams import EXPERIMENT, SESSION_START, decode
from cupola.plugins.hparams.table import columns, sessions_of
from cupola.provider import DataProvider
from cupola.types import SeriesInfo

T = TypeVar("T")

_session = lru_cache(20_000)(decode.session)
_experiment = lru_cache(256)(decode.experiment)


def routes(provider: DataProvider) -> list[Route]:
    """`GET table`: see docs/http_api.md."""
    return [get("/table", lambda _: table(provider, _))]


def table(provider: DataProvider, _: Request) -> Response:
    """Every run that a session speaks for, with the hyperparameters of all experiments and sessions."""
    problems: list[dict[str, str]] = []

    def read(tag: str, decoded: Callable[[bytes], T]) -> dict[str, T]:
        found = {}
        for info in provider.series("hparams", tag=tag):
            try:
                found[info.key.run] = decoded(_last_metadata(provider, info))
            except CupolaError as error:
                problems.append({"run": info.key.run, "problem": str(error)})
        return found

    sessions = read(SESSION_START, _session)
    experiments = read(EXPERIMENT, _experiment)
    session_of = sessions_of((run.name for run in provider.runs()), sessions)
    infos = [info for listed in experiments.values() for info in listed]
    return columns_response(
        {
            "runs": list(session_of),
            "sessions": list(session_of.values()),
            "hparams": columns([sessions[name] for name in session_of.values()], infos),
            "problems": problems,
        }
    )


def _last_metadata(provider: DataProvider, info: SeriesInfo) -> bytes:
    """The metadata of a series' last value: a run that was resumed has logged its session anew."""
    if info.count == 1:
        return info.metadata
    value = event.decode_value(provider.read(provider.blobs(info.key).key[-1]))
    if not value.metadata.content:
        raise DecodeError("the last value has no metadata")
    return event.encode_metadata(value.metadata)
