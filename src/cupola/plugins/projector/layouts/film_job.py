"""A film being computed in a process of its own, as the server sees it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cupola.errors import CupolaError
from cupola.plugins.projector.layouts.film import (
    FilmFrame,
    FilmFrames,
    first_frame,
    last_shown,
    matching_onto,
    next_frame,
)
from cupola.plugins.projector.layouts.job import Job
from cupola.plugins.projector.layouts.matching import Labels, Matching
from cupola.plugins.projector.layouts.parameters import Parameters

Asked = list[list[list[Any]] | None]
"""For each axis its terms, `[sign, points, name]`; None for a principal component."""


@dataclass(frozen=True, slots=True)
class StepInput:
    """What is read of one step when its turn comes."""

    matrix: NDArray[np.float32]
    labels: Labels
    codes: NDArray[np.int32] | None
    """Of the labels that supervise."""
    terms: Asked


@dataclass(frozen=True, slots=True)
class FilmTask:
    """What the process is told to do: see `film_worker.Film`."""

    parameters: Parameters
    axes: list[dict[str, Any]] | None
    """None: a fit by the method of `parameters`."""
    joint: bool
    work: str = "film"

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "work": self.work,
            "method": self.parameters.method,
            "parameters": dict(self.parameters.values),
            "axes": self.axes,
            "sphereize": self.parameters.values.get("sphereize", 0),
            "joint": self.joint,
        }


class FilmJob(Job):
    """Lays out those steps of a film that are not kept yet, and keeps each as soon as it is there.

    Args:
        job_id: names content and parameters.
        task: what is to be done.
        keys: of the frames, in order of the steps. A frame's key names all that it is made of.
        read: reads the step of a number.
        frames: where the frames are kept.
    """

    worker: ClassVar = "cupola.plugins.projector.layouts.film_worker"

    def __init__(
        self,
        job_id: str,
        task: FilmTask,
        keys: Sequence[str],
        read: Callable[[int], StepInput],
        frames: FilmFrames,
    ) -> None:
        super().__init__(job_id, task.parameters, lambda: (np.zeros((0, 0), np.float32), None))
        self._film_task = task
        self._keys = keys
        self._read_step = read
        self._frames = frames
        self._folder = Path()
        self._sent: dict[int, tuple[Labels, Matching | None, FilmFrame | None]] = {}

    def _task(self, folder: Path) -> bytes:
        self._folder = folder
        first = self._frames.kept(self._keys)
        before = last_shown(self._frames, self._keys, first)
        coordinates = None if before is None else np.stack(before.columns, axis=1)
        task = self._film_task.document() | {
            "count": len(self._keys),
            "first": first,
            "before": self._write("before", coordinates, "<f4"),
            "before_shape": [] if coordinates is None else list(coordinates.shape),
        }
        return json.dumps(task).encode() + b"\n"

    def _is_complete(self) -> bool:
        return True

    def _take(self, message: dict[str, Any]) -> None:
        if "want" in message:
            self._send(message.pop("want"))
        elif "step" in message:
            at = message.pop("step")
            self._keep(at, message.pop("coordinates", []), message.pop("problem", ""))
        super()._take(message)

    def _send(self, at: int) -> None:
        """Answers with a step, or that it cannot be read."""
        try:
            step = self._read_step(at)
        except (CupolaError, OSError, ValueError) as error:
            self._leave_out(at, str(error))
            self._tell(json.dumps({"shape": None}).encode())
            return
        before = self._before(at)
        matching = matching_onto(before, step.labels)
        self._sent[at] = (step.labels, matching, before)
        answer = {
            "shape": list(step.matrix.shape),
            "matrix": self._write(f"matrix{at}", step.matrix, "<f4"),
            "labels": self._write(f"labels{at}", step.codes, "<i4"),
            "places": self._write(f"places{at}", None if matching is None else matching.places, "<i4"),
            "terms": step.terms,
        }
        self._tell(json.dumps(answer).encode())

    def _before(self, at: int) -> FilmFrame | None:
        """What a step's points are matched with."""
        return last_shown(self._frames, self._keys, at)

    def _leave_out(self, at: int, problem: str) -> None:
        self._frames.put(self._keys[at], FilmFrame([], problem))

    def _keep(self, at: int, columns: list[NDArray[np.float32]], problem: str) -> None:
        labels, matching, before = self._sent.pop(at)
        frame = FilmFrame([], problem, labels=labels)
        if columns:
            columns = [np.array(column) for column in columns]  # and not a part of the whole message
            frame = first_frame(columns, labels)
            if before is not None and matching is not None:
                frame = next_frame(before, columns, labels, matching)
        self._frames.put(self._keys[at], frame)

    def _write(self, name: str, array: NDArray[Any] | None, dtype: str) -> str | None:
        if array is None:
            return None
        path = self._folder / name
        np.ascontiguousarray(array, dtype).tofile(path)
        return str(path)


class KeptJob(FilmJob):
    """Computes for every point of a step the share of neighbours kept since another one (`kept.kept_shares`).

    Its one frame is kept under `job_id`, and its one column holds the shares.

    Args:
        job_id: names content and parameters.
        k: neighbours.
        metric: one of `kept.METRICS`.
        read: reads the earlier step (0) or the later one (1).
        frames: where the result is kept.
    """

    def __init__(
        self, job_id: str, k: int, metric: str, read: Callable[[int], StepInput], frames: FilmFrames
    ) -> None:
        task = FilmTask(Parameters("kept", {}), None, False, "kept")
        super().__init__(job_id, task, [job_id], read, frames)
        self._asked = {"k": k, "metric": metric, "count": 2}

    def _task(self, folder: Path) -> bytes:
        self._folder = folder
        return json.dumps(self._film_task.document() | self._asked).encode() + b"\n"

    def _before(self, at: int) -> FilmFrame | None:
        return FilmFrame([], labels=self._sent[0][0]) if at else None

    def _leave_out(self, at: int, problem: str) -> None:
        self._frames.put(self.id, FilmFrame([], problem))

    def _keep(self, at: int, columns: list[NDArray[np.float32]], problem: str) -> None:
        self._frames.put(self.id, FilmFrame([np.array(column) for column in columns], problem))
