"""A tag logged at several steps, and the projector's routes over it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tests.support.room_client import RoomClient

from cupola.columns import decode_columns
from cupola.index.local import LocalProvider
from cupola.plugins import plugins
from cupola.plugins.projector import api
from cupola.plugins.projector.encode import embedding

PCA2 = {"method": "axes", "axes": [{"component": 0}, {"component": 1}]}
COUNT = 90


def until(what: Callable[[], Any], wait_s: float = 60) -> Any:
    deadline = time.monotonic() + wait_s
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def training(steps: int, count: int = COUNT, width: int = 6) -> list[Any]:
    """Classes that part, in a space that turns at random from step to step."""
    random = np.random.default_rng(3)
    centres = random.normal(size=(3, width)) * 4
    codes = np.arange(count) % 3
    start = random.normal(size=(count, width))
    made = []
    for at in range(steps):
        turn = np.linalg.qr(random.normal(size=(width, width)))[0]
        noise = random.normal(size=(count, width))
        made.append(((at + 1) / steps * centres[codes] + start + 0.1 * noise) @ turn)
    return made


class FilmRoom:
    """A log directory, and the room's routes over it."""

    def __init__(self, logdir: Path, run: str = "run", tag: str = "e") -> None:
        self.logdir = logdir
        self.place = {"run": run, "tag": tag}
        (logdir / run).mkdir(exist_ok=True)
        self._provider = LocalProvider(logdir, plugins().values())
        self.client = RoomClient(api, self._provider)

    def log(self, step: int, matrix: Any, labels: Any, header: Any = None) -> None:
        embedding(np.asarray(matrix), labels, None, step, "e", header).write(self.logdir / "run")

    def ask(self, start: bool = False, **more: Any) -> Any:
        self._provider.poll()
        body = {**self.place, **PCA2, "start": int(start), **more}
        answer = self.client.post("/films", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def film(self, **more: Any) -> Any:
        """A film that is done."""
        asked = self.ask(start=True, **more)
        final = ("done", "failed", "cancelled", "absent")

        def progress() -> Any:
            found = self.client.get(f"/films/{asked['id']}/progress", {"after": asked["news"]}).json()
            return found if found["state"] in final else None

        done = until(progress)
        assert done["state"] == "done", done
        return done

    def frame(self, film: Any, at: int, align: str = "rigid") -> Any:
        answer = self.client.get(f"/films/{film['id']}/frame", {"at": at, "align": align})
        assert answer.status_code == 200, answer.text
        return decode_columns(answer.content)

    def labels(self, film: Any, at: int) -> Any:
        """Numbers that are the first column of a step's metadata."""
        asked = {"run": self.place["run"], "name": film["steps"][at]["name"]}
        column = decode_columns(self.client.get("/metadata", asked).content)["columns"][0]
        return np.array([int(value) for value in column["values"]])[column["codes"]]

    def frames(self, film: Any, align: str) -> list[Any]:
        count = range(len(film["steps"]))
        return [np.stack(self.frame(film, at, align)["coordinates"], axis=1) for at in count]


def names(count: int) -> list[str]:
    return [f"point {at}" for at in range(count)]


def moves(frames: list[Any]) -> Any:
    """How far each point goes from frame to frame."""
    return [np.linalg.norm(b - a, axis=1) for a, b in itertools.pairwise(frames)]
