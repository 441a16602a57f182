"""What TensorBoard's own loader finds in a log directory, in a form that can be compared."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageSequence
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.util import tensor_util
from tests.frameworks.embeddings import embeddings

KEEP_ALL = {"tensors": 0}
GRAPHS = {"graphs", "graph_run_metadata", "graph_tagged_run_metadata"}
"""Of graphs only their presence is compared: cupola records models, the peers have them traced."""
STARTED = re.compile(r"[A-Z][a-z]{2}\d{2}_\d{2}-\d{2}-\d{2}_[^/]*|\d{10}\.\d+")
"""What writers name a run by when nobody says: the time, and with it the host."""


@dataclass(frozen=True)
class Series:
    """One tag of one run: what its summary metadata say, and its points."""

    metadata: tuple[Any, ...]
    points: tuple[tuple[int, Any], ...]

    @property
    def steps(self) -> list[int]:
        return [step for step, _ in self.points]


@dataclass(frozen=True)
class Log:
    """All runs of a log directory, by names in which `<started>` stands for times and hosts."""

    series: dict[tuple[str, str], Series]
    """By run and tag; an embedding is one too, by the name of its tensor."""
    graphs: frozenset[str]


def load(logdir: Path) -> Log:
    series: dict[tuple[str, str], Series] = {}
    graphs = set()
    for run, folder in runs(logdir):
        accumulator = EventAccumulator(str(folder), KEEP_ALL)
        accumulator.Reload()
        if accumulator.Tags()["graph"]:
            graphs.add(run)
        for tag in accumulator.Tags()["tensors"]:
            one = _series(accumulator, tag)
            if one.metadata[0] not in GRAPHS:
                series[run, tag] = one
        for name, parts in embeddings(folder):
            series[run, name] = Series(("projector",), ((0, parts),))
    return Log(series, frozenset(graphs))


def runs(logdir: Path) -> Iterator[tuple[str, Path]]:
    """The name and directory of each run; a number tells those apart that only their times did."""
    seen: dict[str, int] = {}
    for folder in sorted({path.parent for path in logdir.rglob("*tfevents*")}):
        name = STARTED.sub("<started>", folder.relative_to(logdir).as_posix())
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name} ({seen[name]})"), folder


def _series(accumulator: EventAccumulator, tag: str) -> Series:
    metadata = accumulator.SummaryMetadata(tag)
    plugin = metadata.plugin_data.plugin_name
    content: Any = metadata.plugin_data.content
    if plugin == "hparams":
        content = _hyperparameters(content)
    events = accumulator.Tensors(tag)
    points = tuple(
        (event.step, _value(plugin, tensor_util.make_ndarray(event.tensor_proto))) for event in events
    )
    described = (metadata.display_name, metadata.summary_description, metadata.data_class)
    return Series((plugin, content, *described), points)


def _value(plugin: str, array: np.ndarray) -> Any:
    if plugin == "images":
        return tuple(_frames(encoded) for encoded in array.ravel()[2:])
    if array.dtype == object:
        return array.shape, tuple(array.ravel())
    return str(array.dtype), array.shape, array.tobytes()


def _frames(encoded: bytes) -> tuple[Any, ...]:
    """The pixels of each frame: what one encoder makes of them in bytes need not be what another does."""
    with Image.open(io.BytesIO(encoded)) as image:
        return tuple((frame.size, frame.convert("RGBA").tobytes()) for frame in ImageSequence.Iterator(image))


def _hyperparameters(content: bytes) -> str:
    """An experiment, a session's start or its end, without names and times of their own."""
    data = HParamsPluginData.FromString(content)
    for part in (data.experiment, data.session_start_info, data.session_end_info):
        for field in ("name", "time_created_secs", "start_time_secs", "end_time_secs"):
            if field in part.DESCRIPTOR.fields_by_name:
                part.ClearField(field)
    return str(data)
