"""Reads event files without any of cupola's code: framing by `struct`, CRCs and messages by others."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tests.support.crc import masked_crc32c


class Contents(NamedTuple):
    events: list[Event]
    torn: int
    """Bytes of an unfinished record at the end of the file."""


def read_file(path: Path) -> Contents:
    """All events of a file. Fails on anything but a torn record at its very end."""
    data, at, events = path.read_bytes(), 0, []
    while at + 12 <= len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8)[0] == masked_crc32c(data[at : at + 8]), (path, at)
        payload = data[at + 12 : at + 12 + size]
        if at + 16 + size > len(data):
            break
        assert struct.unpack_from("<I", data, at + 12 + size)[0] == masked_crc32c(payload), (path, at)
        events.append(Event.FromString(payload))
        at += 16 + size
    return Contents(events, len(data) - at)


def files(directory: Path) -> list[Path]:
    """The directory's event files in the order in which TensorBoard reads them."""
    return sorted(Path(directory).glob("*tfevents*"))


def scalars(directory: Path) -> dict[str, list[tuple[int, float]]]:
    """(step, value) of each tag's simple values, in the order of files and records."""
    points: dict[str, list[tuple[int, float]]] = {}
    for path in files(directory):
        for event in read_file(path).events:
            for value in event.summary.value:
                points.setdefault(value.tag, []).append((event.step, value.simple_value))
    return points


def steps(directory: Path, tag: str) -> list[int]:
    """The steps of one tag's scalars."""
    return [step for step, _ in scalars(directory).get(tag, [])]


def events(directory: Path) -> list[Event]:
    """Every event of the directory, in the order of files and records."""
    return [event for path in files(directory) for event in read_file(path).events]


def values(directory: Path) -> list[Summary.Value]:
    """Every value of the directory, in the same order."""
    return [value for event in events(directory) for value in event.summary.value]


def load(directory: Path) -> EventAccumulator:
    """The directory as TensorBoard loads it, with every point."""
    loaded = EventAccumulator(
        str(directory), size_guidance={"scalars": 0, "histograms": 0, "images": 0, "tensors": 0}
    )
    loaded.Reload()
    return loaded
