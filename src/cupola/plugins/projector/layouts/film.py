"""The steps of a tag as one film: the coordinates of each, and how it is brought over the one before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.plugins.projector.layouts.align import Similarity, Size, similarity
from cupola.plugins.projector.layouts.matching import Kind, Labels, Matching, centroids, match

Align: TypeAlias = Literal["none", "rigid", "similarity"]
ALIGNS: Final[Mapping[Align, Size | None]] = {"none": None, "rigid": "keep", "similarity": "match"}

FRAMES_BYTES: Final = 512 << 20
"""Of all films; a film that alone is larger is refused."""


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One step of a film."""

    columns: list[NDArray[np.float32]]
    """Coordinates of all its points; NaN where one has none. Empty: the step cannot be shown."""
    problem: str = ""
    """Why it cannot."""
    ids: NDArray[np.int32] | None = None
    """For each point a number that the same point has at every step; None: its row."""
    next_id: int = 0
    """The first number that no point has had."""
    kind: Kind | None = None
    """How its points were matched with those of the step before; None: there is none."""
    onto: Mapping[Align, Similarity] = field(default_factory=dict)
    """What brings it over the step before, which is brought over the one before it, and so on."""
    labels: Labels | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(column.nbytes for column in self.columns) + (0 if self.ids is None else self.ids.nbytes)

    def coordinates(self, align: Align) -> list[NDArray[np.float32]]:
        """An array for each dimension, brought over the steps before or as they are."""
        onto = self.onto.get(align)
        if onto is None or not self.columns:
            return self.columns
        return [np.ascontiguousarray(column) for column in onto(np.stack(self.columns, axis=1)).T]


def first_frame(columns: list[NDArray[np.float32]], labels: Labels) -> FilmFrame:
    """The frame of a step with none before it."""
    return FilmFrame(columns, next_id=labels.count, labels=labels)


def next_frame(
    before: FilmFrame, columns: list[NDArray[np.float32]], labels: Labels, matching: Matching
) -> FilmFrame:
    """The frame of a step after `before`, which has coordinates.

    The same points are brought over one another; where only their classes are the same, the middles of the
    classes, by the size of the smaller.
    """
    moving = np.stack(columns, axis=1)
    onto: dict[Align, Similarity] = {}
    for align, size in ALIGNS.items():
        if size is None:
            continue
        target = np.stack(before.coordinates(align), axis=1)
        if matching.classes is not None:
            count = int(max(part.max(initial=-1) for part in matching.classes)) + 1
            there, sizes_there = centroids(target, matching.classes[0], count)
            here, sizes_here = centroids(moving, matching.classes[1], count)
            onto[align] = similarity(here, there, size=size, weights=np.minimum(sizes_here, sizes_there))
        else:
            shared = matching.places >= 0
            onto[align] = similarity(moving[shared], target[matching.places[shared]], size=size)
    own_ids = before.ids is not None or len(before.columns[0]) != len(matching.places)
    if not own_ids and np.array_equal(matching.places, np.arange(len(matching.places))):
        return FilmFrame(columns, "", None, before.next_id, matching.kind, onto, labels)
    earlier = np.arange(len(before.columns[0])) if before.ids is None else before.ids
    new = matching.places < 0
    ids = np.where(new, before.next_id + np.cumsum(new) - 1, earlier[matching.places]).astype(np.int32)
    return FilmFrame(columns, "", ids, before.next_id + int(new.sum()), matching.kind, onto, labels)


class FilmFrames:
    """Frames that are kept, those used longest ago dropped first. May be asked from any thread."""

    def __init__(self, limit_bytes: int = FRAMES_BYTES) -> None:
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._frames: OrderedDict[str, FilmFrame] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> FilmFrame | None:
        """The frame of a key."""
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
            return self._frames.get(key)

    def put(self, key: str, frame: FilmFrame) -> None:
        """Keeps a frame, the newest whatever its size."""
        with self._lock:
            old = self._frames.pop(key, None)
            self._bytes += frame.nbytes - (old.nbytes if old else 0)
            self._frames[key] = frame
            while self._bytes > self._limit and len(self._frames) > 1:
                self._bytes -= self._frames.popitem(last=False)[1].nbytes

    def kept(self, keys: Sequence[str]) -> int:
        """How many of a film's frames are there, from the first on."""
        for at, key in enumerate(keys):
            if self.get(key) is None:
                return at
        return len(keys)


def last_shown(frames: FilmFrames, keys: Sequence[str], before: int) -> FilmFrame | None:
    """The last frame with coordinates before the step `before`."""
    for key in reversed(keys[:before]):
        frame = frames.get(key)
        if frame is not None and frame.columns:
            return frame
    return None


def matching_onto(before: FilmFrame | None, labels: Labels) -> Matching | None:
    """How a step's points match those of the frame before it."""
    return None if before is None or before.labels is None else match(before.labels, labels)


def reach(frames: Sequence[FilmFrame | None], align: Align) -> tuple[list[float], float]:
    """The middle of what the frames show, and how far a point is from it at most: one scale for all."""
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    shown = [frame.coordinates(align) for frame in frames if frame is not None and frame.columns]
    for columns in shown:
        finite = np.stack(columns, axis=1)
        finite = finite[np.isfinite(finite).all(axis=1)].astype(np.float64)
        if len(finite):
            low = finite.min(axis=0) if low is None else np.minimum(low, finite.min(axis=0))
            high = finite.max(axis=0) if high is None else np.maximum(high, finite.max(axis=0))
    if low is None or high is None:
        return [], 0.0
    middle = (low + high) / 2
    farthest = 0.0
    for columns in shown:
        away = np.linalg.norm(np.stack(columns, axis=1) - middle, axis=1)
        farthest = max(farthest, float(np.nanmax(away, initial=0)))
    return middle.tolist(), farthest
