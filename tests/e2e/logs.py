"""Log directories for the browser, written by TensorBoard's own record writer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.summary.writer.record_writer import RecordWriter

Points = Iterable[tuple[int, float]]

START_S = 1_790_000_000.0


class Log:
    """One event file that can grow. Each point is on disk when its call returns."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"events.out.tfevents.{int(START_S)}.host"
        self._append([Event(wall_time=START_S, file_version="brain.Event:2")])

    def scalar(self, tag: str, step: int, value: float) -> None:
        self._append([_event(Summary.Value(tag=tag, simple_value=value), step, time.time())])

    def scalars(self, columns: Mapping[str, Points]) -> Log:
        """A second passes from step to step."""
        self._append(
            _event(Summary.Value(tag=tag, simple_value=value), step, START_S + step)
            for tag, points in columns.items()
            for step, value in points
        )
        return self

    def value(self, value: Summary.Value, step: int) -> None:
        """Any value: an image, a histogram, a text."""
        self._append([_event(value, step, time.time())])

    def unknown(self, plugin: str, tag: str, step: int) -> None:
        """A value of a plugin that cupola has no room for."""
        metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin))
        value = Summary.Value(tag=tag, metadata=metadata)
        value.tensor.dtype = 7
        value.tensor.string_val.append(b"?")
        self._append([_event(value, step, time.time())])

    def _append(self, events: Iterable[Event]) -> None:
        with self.path.open("ab") as file:
            writer = RecordWriter(file)
            for event in events:
                writer.write(event.SerializeToString())


def _event(value: Summary.Value, step: int, wall_time: float) -> Event:
    return Event(wall_time=wall_time, step=step, summary=Summary(value=[value]))


def write(directory: Path, columns: Mapping[str, Points]) -> None:
    """One run with these scalars."""
    Log(directory).scalars(columns)
