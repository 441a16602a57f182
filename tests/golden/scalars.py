"""Writes golden/scalars: an event file by TensorBoard's record writer, what TensorBoard's loader reads in it,
and our answer for a chart of it.

Run `make golden` where the answer is meant to change, and look at the difference; the tests compare.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

GOLDEN = Path(__file__).parents[2] / "golden" / "scalars"
EVENTS = GOLDEN / "events.out.tfevents.1700000000.golden"
QUESTION = {"tag": "loss", "runs": None, "x": "relative", "range": [0, 300], "width": 16, "smoothing": 0.5}


def points() -> list[tuple[int, float]]:
    """A loss with what numbers can be, resumed from step 90 on."""
    values = [(step, math.exp(-step / 40) + 0.1 * math.sin(step)) for step in range(120)]
    values += [(step, 0.05 * math.cos(step)) for step in range(90, 200)]
    values[20] = (20, math.nan)
    values[40] = (40, math.inf)
    values[41] = (41, -math.inf)
    values[60] = (60, 5.0)
    return values


def write() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    with EVENTS.open("wb") as file:
        writer = RecordWriter(file)
        writer.write(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())
        for count, (step, value) in enumerate(points()):
            summary = Summary(value=[Summary.Value(tag="loss", simple_value=value)])
            event = Event(wall_time=1.7e9 + 1.25 * count, step=step, summary=summary)
            writer.write(event.SerializeToString())
    (GOLDEN / "decoded.json").write_text(json.dumps(decoded(), separators=(",", ":")) + "\n", "utf-8")
    (GOLDEN / "data.columns").write_bytes(answer())


def decoded() -> list[list[Any]]:
    """[wall_time, step, value] as TensorBoard's loader reads them; what JSON has no word for as a string."""
    rows: list[list[Any]] = []
    for raw in RawEventFileLoader(str(EVENTS)).Load():
        event = Event.FromString(raw)
        for value in event.summary.value:
            number = value.simple_value
            word = "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
            rows.append([event.wall_time, event.step, number if math.isfinite(number) else word])
    return rows


def answer() -> bytes:
    """Our answer to `QUESTION`."""
    from tests.support.log import read
    from tests.support.room_client import RoomClient

    from cupola.plugins.scalars import api

    return RoomClient(api, read(GOLDEN)).post("/data", json=QUESTION).content
