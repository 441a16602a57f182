"""Writes golden/{images,histograms,text}: event files, what TensorBoard reads in them, what we answer.

The page's tests read the answers, Python's tests all three. Run it after a deliberate change of an answer,
and look at the difference (`make golden`).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.histogram_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.data_compat import migrate_value
from tensorboard.plugins.distribution.compressor import compress_histogram
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.image.metadata import create_summary_metadata as image_metadata
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util import tensor_util
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola.plugins.histograms import api as histograms_api
from cupola.plugins.images import api as images_api
from cupola.plugins.text import api as text_api
from cupola.types import SeriesKey

GOLDEN = Path(__file__).parents[2] / "golden"
RUN = "train"
EVENT_FILE = "events.out.tfevents.1700000000.golden"
START = 1_700_000_000.0

QUANTILES = (500, 5000, 9500)
"""In basis points, as TensorBoard's distributions have them."""


def write() -> None:
    write_histograms(GOLDEN / "histograms")
    write_images(GOLDEN / "images")
    write_text(GOLDEN / "text")


def write_histograms(folder: Path) -> None:
    rng = np.random.default_rng(7)
    values = []
    for i in range(6):
        data = rng.normal(i * 0.3, 0.2 + 0.1 * i, 400)
        if i < 3:
            counts, edges = np.histogram(data, 12)
            limits = [*edges[1:-1], float(np.finfo(float).max)]
            histo = HistogramProto(min=data.min(), max=data.max(), num=len(data), sum=data.sum())
            histo.bucket_limit.extend([float(edges[0]), *limits])
            histo.bucket.extend([0, *counts.tolist()])
            values.append(Summary.Value(tag="weight", histo=histo))
        else:
            values.append(histogram_pb("weight", data, buckets=9).value[0])
    single = HistogramProto(min=0.5, max=0.5, num=1, bucket_limit=[0.4, 0.6], bucket=[0, 1])
    values.append(Summary.Value(tag="weight", histo=single))
    values.append(Summary.Value(tag="weight", histo=HistogramProto(bucket_limit=[1], bucket=[1, 2])))
    provider = write_events(folder, values)
    decoded = []
    for value in values[:-1]:
        bins = tensor_util.make_ndarray(migrate_value(value).tensor).tolist()
        decoded.append(
            {"bins": bins, "quantiles": [q[1] for q in compress_histogram(bins, (*QUANTILES, 10000))[:3]]}
        )
    write_json(folder / "decoded.json", decoded)
    web = RoomClient(histograms_api, provider)
    (folder / "data.columns").write_bytes(web.post("/data", json={"tag": "weight"}).content)
    (folder / "merged.columns").write_bytes(web.post("/data", json={"tag": "weight", "width": 2}).content)


def picture(kind: str, width: int, height: int, seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind)
    return out.getvalue()


def write_images(folder: Path) -> None:
    single = Summary.Image(width=6, height=4, colorspace=3, encoded_image_string=picture("PNG", 6, 4, 1))
    batch = tensor_util.make_tensor_proto(
        [b"5", b"3", picture("PNG", 5, 3, 2), picture("GIF", 5, 3, 3), picture("JPEG", 8, 8, 4)]
    )
    metadata = image_metadata(display_name=None, description=None)
    values = [
        Summary.Value(tag="cat", image=single),
        Summary.Value(tag="cat", tensor=batch, metadata=metadata),
        Summary.Value(tag="cat", image=Summary.Image(width=6)),
    ]
    provider = write_events(folder, values)
    decoded = []
    for value in values[:2]:
        samples = tensor_util.make_ndarray(migrate_value(value).tensor).tolist()[2:]
        decoded.append(
            [
                {"size": Image.open(io.BytesIO(data)).size, "sha256": hashlib.sha256(data).hexdigest()}
                for data in samples
            ]
        )
    write_json(folder / "decoded.json", decoded)
    web = RoomClient(images_api, provider)
    (folder / "steps.columns").write_bytes(web.post("/steps", json={"tag": "cat"}).content)
    answer = web.post("/points", json={"keys": list(provider.blobs(SeriesKey(RUN, "images", "cat")).key)})
    (folder / "points.json").write_bytes(answer.content)


def write_text(folder: Path) -> None:
    texts = [
        "# Title\n\n*one* & <b>two</b>",
        "两个字",
        np.array(["a", "b"], object),
        np.array([["a", "b"]] * 3, object),
    ]
    values = [text_pb("notes", text).value[0] for text in texts]
    lying = tensor_util.make_tensor_proto([b"a"])
    lying.tensor_shape.dim[0].size = 7
    values.append(Summary.Value(tag="notes", tensor=lying))
    provider = write_events(folder, values)
    decoded = []
    for value in values[:-1]:
        array = tensor_util.make_ndarray(value.tensor)
        decoded.append({"shape": array.shape, "strings": [item.decode() for item in array.reshape(-1)]})
    write_json(folder / "decoded.json", decoded)
    web = RoomClient(text_api, provider)
    answer = web.post("/points", json={"keys": list(provider.blobs(SeriesKey(RUN, "text", "notes")).key)})
    (folder / "points.json").write_bytes(answer.content)


def write_events(folder: Path, values: Iterable[Summary.Value]) -> MemoryProvider:
    """One event a value, steps 0, 10, 20 …, a second apart; and the provider that has read them."""
    folder.mkdir(parents=True, exist_ok=True)
    events = [Event(wall_time=START, file_version="brain.Event:2")]
    for i, value in enumerate(values):
        events.append(Event(wall_time=START + i, step=10 * i, summary=Summary(value=[value])))
    with (folder / EVENT_FILE).open("wb") as file:
        for event in events:
            RecordWriter(file).write(event.SerializeToString(deterministic=True))
    return MemoryProvider().load(RUN, folder)


def write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
