"""What a scanner gave, added up as the index does; and records to scan, framed by TensorBoard's CRC."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tests.support.crc import masked_crc32c
from tests.support.scripted_file import ScriptedFile

from cupola._codec import Chunk, Scanner, crc32c
from cupola.types import DAMAGE_REASONS

SCALAR, TENSOR = 1, 2  # DataClass in summary.proto
GROUP = b"\x0b\x0c"  # a field of the long dead group kind
NOT_EVENTS = [GROUP, b"\xff" * 20, b"\x2a\x05abc", b"\x2a\x02\x0a\x05", b"\x00\x00", b"\x09abc", b"<html>"]


class Point(NamedTuple):
    tag: str
    form: int
    step: int
    wall_time: float
    value: float | bytes
    """The number, or the bytes that offset and length point to."""


@dataclass
class Scanned:
    """All that a scanner said since the last reset."""

    path: Path
    points: list[Point] = field(default_factory=list)
    """Series by series, each in the order of the file."""
    damage: list[tuple[int, int, str]] = field(default_factory=list)
    metadata: dict[tuple[str, int], bytes] = field(default_factory=dict)
    records: int = 0
    resets: int = 0
    restarts: list[int] = field(default_factory=list)

    def add(self, chunk: Chunk) -> None:
        if chunk.reset:
            self.points, self.damage, self.metadata, self.records, self.restarts = [], [], {}, 0, []
            self.resets += 1
        self.points += points_of(self.path, chunk)
        self.damage += chunk.damage
        assert all(reason.partition(":")[0] in DAMAGE_REASONS for _, _, reason in chunk.damage)
        self.records += chunk.records
        self.metadata |= {(series.tag, series.form): series.metadata for series in chunk.series}
        if chunk.restart_step is not None:
            self.restarts.append(chunk.restart_step)

    def of(self, tag: str) -> list[float | bytes]:
        return [point.value for point in self.points if point.tag == tag]

    def steps(self, tag: str) -> list[int]:
        return [point.step for point in self.points if point.tag == tag]


def points_of(path: Path, chunk: Chunk) -> Iterator[Point]:
    """The points of a chunk; checks that its columns fit together."""
    for series in chunk.series:
        steps, times = series.step.tolist(), series.wall_time.tolist()
        assert len(steps) == len(times) > 0
        if series.is_scalar:
            assert len(series.value) == len(steps)
            assert len(series.offset) == len(series.length) == len(series.crc) == 0
            values: list[float | bytes] = series.value.tolist()
        else:
            assert len(series.offset) == len(series.length) == len(steps) and len(series.value) == 0
            with open(path, "rb") as file:
                blobs = [
                    os.pread(file.fileno(), length, offset)
                    for offset, length in zip(series.offset.tolist(), series.length.tolist(), strict=True)
                ]
            assert series.crc.tolist() == [crc32c(blob) for blob in blobs]
            values = [*blobs]
        for step, time, value in zip(steps, times, values, strict=True):
            yield Point(series.tag, series.form, step, time, value)


def read_on(scanner: Scanner, scanned: Scanned, max_bytes: int = 1 << 26) -> Scanned:
    """Scans until there is nothing more, and adds it to `scanned`."""
    for _ in range(1_000_000):
        chunk = scanner.scan(max_bytes)
        scanned.add(chunk)
        if chunk.at_end:
            return scanned
    raise AssertionError("the scanner never comes to the end")


def scan_file(path: Path, max_bytes: int = 1 << 26) -> Scanned:
    """All of a file by a new scanner."""
    return read_on(Scanner(str(path)), Scanned(path), max_bytes)


def record(payload: bytes | Event) -> bytes:
    """The payload as a TFRecord."""
    data = payload if isinstance(payload, bytes) else payload.SerializeToString()
    head = struct.pack("<Q", len(data))
    return b"".join(
        (head, struct.pack("<I", masked_crc32c(head)), data, struct.pack("<I", masked_crc32c(data)))
    )


def forged_head(length: int) -> bytes:
    """A record's head that claims a length, with the CRC that makes it believable."""
    head = struct.pack("<Q", length)
    return head + struct.pack("<I", masked_crc32c(head))


def scalar(tag: str, step: int, value: float, wall_time: float = 1.5e9) -> Event:
    """An event with one simple_value."""
    event = Event(wall_time=wall_time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def start(step: int) -> Event:
    """The mark of a run that goes on from `step`."""
    return Event(wall_time=1.5e9, step=step, session_log=SessionLog(status=SessionLog.START))


def version() -> bytes:
    """The record that begins every event file."""
    return record(Event(wall_time=1.5e9, file_version="brain.Event:2"))


def shape(*sizes: int) -> TensorShapeProto:
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])


def good(steps: range, tag: str = "x") -> bytes:
    """Framed scalar events of these steps."""
    return b"".join(record(scalar(tag, step, step)) for step in steps)


def scan(file: ScriptedFile, data: bytes) -> tuple[Scanner, Scanned]:
    """Scans `data` as the whole file."""
    file.rewrite(data)
    scanner = Scanner(str(file.path))
    return scanner, read_on(scanner, Scanned(file.path))
