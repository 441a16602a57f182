"""The process in which a tag's steps are laid out: `python -m cupola.plugins.projector.layouts.film_worker`.

It asks for one step after the other (`Channel.ask`), so that only one matrix at a time lies on disk and in
memory, and sends the coordinates of each as soon as they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.axes import Term, project
from cupola.plugins.projector.layouts.fit import Fit
from cupola.plugins.projector.layouts.joint import JointPca
from cupola.plugins.projector.layouts.kept import kept_shares
from cupola.plugins.projector.layouts.parameters import Parameters
from cupola.plugins.projector.layouts.worker import Channel, mapped, serve
from cupola.plugins.projector.pca import pca

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Step:
    """What the server sends of one step."""

    at: int
    matrix: Floats
    labels: NDArray[np.int32] | None
    """Codes that supervise; None: nothing does."""
    places: NDArray[np.int32] | None
    """For each point its index in the step laid out before, -1 where it is new; None: there is none."""
    terms: list[list[Term] | None]
    """Of each axis; None for a principal component."""


class Film:
    """The work on one task."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._task = channel.task
        self._count: int = self._task["count"]

    def run(self) -> None:
        """Lays out each step that is asked for, and says what came of it."""
        task = self._task
        if task["work"] == "kept":
            before, after = (self._step(at) for at in (0, 1))
            if before and after:
                assert after.places is not None
                shares = kept_shares(
                    before.matrix, after.matrix, after.places, task["k"], task["metric"], self._progress
                )
                self._channel.tell(step=1, coordinates=[shares])
            return
        if task["axes"] is None:
            self._fit()
        elif task["joint"]:
            self._project_jointly()
        else:
            for step in self._steps(task["first"]):
                self._attempt(step, self._project(step))

    def _attempt(self, step: Step, columns: list[Floats] | str) -> None:
        """Sends a step's coordinates, or why it has none."""
        if isinstance(columns, str):
            self._channel.tell(step=step.at, problem=columns)
        else:
            self._channel.tell(step=step.at, coordinates=columns)

    def _steps(self, first: int, laying: bool = True) -> Iterator[Step]:
        """The steps that can be read. `laying`: whether they are laid out now, and not only looked at."""
        for at in range(first, self._count):
            self._channel.wait()
            self._progress("steps" if laying else "reducing", (at - first) / max(1, self._count - first))
            if step := self._step(at):
                yield step

    def _step(self, at: int) -> Step | None:
        sent = self._channel.ask(want=at)
        if sent["shape"] is None:
            return None
        shape = tuple(sent["shape"])
        matrix = mapped(sent["matrix"], shape, "f4")
        assert matrix is not None
        terms = [
            None
            if axis is None
            else [Term(sign, np.array(points, np.int64), name) for sign, points, name in axis]
            for axis in sent["terms"]
        ]
        labels, places = (mapped(sent[name], shape[:1], "i4") for name in ("labels", "places"))
        return Step(at, matrix, labels, places, terms)

    def _progress(self, stage: str, share: float) -> None:
        self._channel.tell(stage=stage, share=share)

    # -- axes: principal components and directions between points -----------------------------------------

    def _project(self, step: Step) -> list[Floats] | str:
        axes, sphereize = self._task["axes"], bool(self._task["sphereize"])
        wanted = [axis["component"] for axis in axes if "component" in axis]
        made = pca(step.matrix, sphereize, max(wanted) + 1).components if wanted else []
        asked = [terms for terms in step.terms if terms is not None]
        try:
            custom = iter(project(step.matrix, asked, sphereize) if asked else [])
        except ValueError as error:
            return str(error)
        flat = np.zeros(len(step.matrix), np.float32)
        return [
            next(custom).coordinates
            if "component" not in axis
            else made[axis["component"]]
            if axis["component"] < len(made)
            else flat
            for axis in axes
        ]

    def _project_jointly(self) -> None:
        wanted = [axis["component"] for axis in self._task["axes"]]
        joint = JointPca(bool(self._task["sphereize"]))
        while joint.wants_more:
            for step in self._steps(0, laying=False):
                joint.take(step.matrix)
            joint.close()
        for step in self._steps(0):
            if not joint.takes(step.matrix.shape[1]):
                self._channel.tell(step=step.at, problem=joint.refusal(step.matrix.shape[1]))
            else:
                self._channel.tell(step=step.at, coordinates=joint.project(step.matrix, wanted))
        self._channel.tell(variance=joint.variance(wanted))

    # -- t-SNE and UMAP -----------------------------------------------------------------------------------

    def _fit(self) -> None:
        parameters = Parameters(self._task["method"], self._task["parameters"])
        before = mapped(self._task["before"], tuple(self._task["before_shape"]), "f4")
        for step in self._steps(self._task["first"]):
            try:
                fit = Fit(step.matrix, parameters, step.labels, lambda stage, share: None)
            except ValueError as error:
                self._attempt(step, str(error))
                continue
            if self._task["joint"] and before is not None and step.places is not None:
                fit.go_on_from(_moved(before, step.places)[fit.prepared.rows])
            self._channel.perturb = fit.perturb
            for frame in fit.frames(self._channel.wait):
                self._channel.tell(
                    at=step.at, at_iteration=frame.iteration, at_of=frame.of, per_s=frame.per_s
                )
            before = np.full((len(step.matrix), frame.y.shape[1]), np.nan, np.float32)
            before[fit.prepared.rows] = frame.y
            self._attempt(step, [np.ascontiguousarray(column) for column in before.T])


def _moved(before: Any, places: NDArray[np.int32]) -> Floats:
    """Coordinates of a step's points in the layout of the step before; NaN where they are new."""
    found: Floats = np.where((places >= 0)[:, None], np.asarray(before)[places], np.float32(np.nan))
    return found


def work(channel: Channel) -> None:
    """Does the task of a channel."""
    Film(channel).run()


if __name__ == "__main__":
    serve(work)
