"""Event files made to order, record by record, by TensorBoard's own messages and CRCs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.summary.writer.record_writer import RecordWriter

WALL_TIME = 1_700_000_000.0


def record(event: Event | bytes) -> bytes:
    """The bytes of one record."""
    out = io.BytesIO()
    RecordWriter(out).write(event if isinstance(event, bytes) else event.SerializeToString())
    return out.getvalue()


def version() -> bytes:
    """What every event file starts with."""
    return record(Event(wall_time=WALL_TIME, file_version="brain.Event:2"))


def scalar(tag: str, step: int, value: float, wall_time: float | None = None) -> bytes:
    """A point as torch writes it."""
    wall_time = WALL_TIME + step if wall_time is None else wall_time
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return record(Event(wall_time=wall_time, step=step, summary=summary))


def tensor(tag: str, step: int, plugin: str = "", data: bytes = b"") -> bytes:
    """A string tensor, with metadata if `plugin` is given."""
    value = Summary.Value(tag=tag)
    value.tensor.dtype = 7
    value.tensor.string_val.append(data)
    if plugin:
        value.metadata.CopyFrom(SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin)))
    return record(Event(wall_time=WALL_TIME + step, step=step, summary=Summary(value=[value])))


def start(step: int) -> bytes:
    """What `purge_step` writes: points of the life before, from this step on, are void."""
    return record(
        Event(wall_time=WALL_TIME + step, step=step, session_log=SessionLog(status=SessionLog.START))
    )


class LogFile:
    """An event file that grows by chunks of bytes. `name` sorts it among the run's files."""

    def __init__(self, directory: Path, name: str = "1") -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / f"events.out.tfevents.{name}"
        self.path.write_bytes(version())

    def write(self, *chunks: bytes) -> LogFile:
        """Appends bytes."""
        with self.path.open("ab") as file:
            for chunk in chunks:
                file.write(chunk)
        return self

    def points(self, tag: str, steps: Iterable[int]) -> LogFile:
        """Appends a scalar for each step, with the step as its value."""
        return self.write(*(scalar(tag, step, float(step)) for step in steps))
