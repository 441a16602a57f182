"""All that a writer left in a directory, in a form that can be compared; read by TensorBoard's messages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util import tensor_util
from tests.support.event_files import events


def contents(logdir: Path) -> list[tuple[Any, ...]]:
    """(run, tag, step, kind, values) of each point, and (path, bytes) of the files beside the event files."""
    found: list[tuple[Any, ...]] = []
    for directory in sorted([logdir, *(path for path in logdir.rglob("*") if path.is_dir())]):
        run = directory.relative_to(logdir).as_posix()
        for event in events(directory):
            for value in event.summary.value:
                found.append((run, value.tag, event.step, *_point(value)))
    for path in sorted(logdir.rglob("*")):
        if path.is_file() and "tfevents" not in path.name:
            found.append((path.relative_to(logdir).as_posix(), path.read_bytes()))
    return found


def _point(value: Summary.Value) -> tuple[Any, ...]:
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return kind, repr(value.simple_value)
    if kind == "histo":
        histo = value.histo
        numbers = [histo.min, histo.max, histo.num, histo.sum, histo.sum_squares]
        counted = [
            (limit, count) for limit, count in zip(histo.bucket_limit, histo.bucket, strict=True) if count
        ]
        return kind, *np.round(numbers, 4).tolist(), *counted
    if kind == "image":
        image = Image.open(io.BytesIO(value.image.encoded_image_string))
        return kind, image.size, image.convert("RGBA").tobytes()
    if kind == "audio":
        return kind, value.audio.sample_rate, value.audio.encoded_audio_string
    if kind == "tensor":
        array = tensor_util.make_ndarray(value.tensor)
        return kind, str(array.dtype), array.shape, array.tolist()
    return (kind, value.metadata.plugin_data.plugin_name)
