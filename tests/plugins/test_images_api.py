"""The images room from bytes to answers, against what tensorboardX, torch and TensorBoard write and read."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.util import tensor_util
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient
from tests.support.server import client

from cupola.columns import decode_columns
from cupola.errors import DecodeError
from cupola.media import pixel_size
from cupola.plugins.images import api
from cupola.plugins.images.decode import decode
from cupola.types import SeriesKey

GOLDEN = Path(__file__).parents[2] / "golden" / "images"
CAT = SeriesKey("train", "images", "cat")


def encoded(kind: str, width: int = 5, height: int = 3, value: int = 90) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), value, np.uint8)).save(out, kind)
    return out.getvalue()


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def tensor_value(tag: str, *images: bytes) -> bytes:
    """As TensorBoard's own `tf.summary.image` lays it out."""
    metadata: SummaryMetadata = image_metadata.create_summary_metadata(display_name=None, description=None)
    tensor = tensor_util.make_tensor_proto([b"5", b"3", *images])
    return Summary.Value(tag=tag, metadata=metadata, tensor=tensor).SerializeToString()


@pytest.mark.parametrize("peer", ["tensorboardX", "torch"])
def test_reads_what_the_peers_write(peer: str, tmp_path: Path) -> None:
    if peer == "torch":
        from torch.utils.tensorboard import SummaryWriter
    else:
        from tensorboardX import SummaryWriter
    rng = np.random.default_rng(1)
    shown = [rng.integers(0, 256, (3, 7, 9), np.uint8) for _ in range(3)]
    with SummaryWriter(str(tmp_path)) as writer:
        for step, image in enumerate(shown):
            writer.add_image("cat", image, step * 10)
    provider = MemoryProvider().load("train", tmp_path)
    columns = provider.blobs(CAT)
    assert columns.step.tolist() == [0, 10, 20]
    for image, key in zip(shown, columns.key, strict=True):
        images = decode(provider.read(key))
        assert (images.width, images.height) == (9, 7)
        np.testing.assert_array_equal(pixels(images.samples[0]), image.transpose(1, 2, 0))


def test_reads_a_tensor_of_several_images() -> None:
    first, second = encoded("PNG"), encoded("GIF", 2, 2)
    images = decode(tensor_value("cat", first, second))
    assert images.samples == (first, second)
    assert (images.width, images.height) == (5, 3)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Summary.Value(tag="cat", simple_value=1.0), "form 2"),
        (Summary.Value(tag="cat", image=Summary.Image(width=3)), "without bytes"),
        (Summary.Value(tag="cat", tensor=tensor_util.make_tensor_proto([1.0])), "strings"),
        (Summary.Value(tag="cat", tensor=tensor_util.make_tensor_proto([b"5"])), "width, height"),
    ],
)
def test_says_why_a_value_is_no_image(value: Summary.Value, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(value.SerializeToString())


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "BMP", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (5, 3), (300, 17)])
def test_size_is_read_from_the_header(kind: str, size: tuple[int, int]) -> None:
    data = encoded(kind, *size)
    assert pixel_size(data) == Image.open(io.BytesIO(data)).size == size


@pytest.mark.parametrize("options", [{"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}])
def test_size_of_every_webp(options: dict[str, object]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 17)).save(out, "WEBP", **options)
    assert pixel_size(out.getvalue()) == (300, 17)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "BMP", "WEBP"])
def test_size_of_a_cut_picture_is_right_or_unknown(kind: str) -> None:
    data = encoded(kind, 300, 17)
    assert {pixel_size(data[:end]) for end in range(len(data))} <= {None, (300, 17)}


def points(web: RoomClient, provider: MemoryProvider) -> list[dict[str, Any]]:
    """What the server says of all of the cat's points."""
    answer: list[dict[str, Any]] = web.post("/points", json={"keys": list(provider.blobs(CAT).key)}).json()[
        "points"
    ]
    return answer


def test_steps_and_points() -> None:
    provider = MemoryProvider()
    provider.add(CAT, 1, 10.5, tensor_value("cat", encoded("PNG"), encoded("GIF", 2, 4)))
    provider.add(CAT, 2, 11.5, b"\xff\xff")
    provider.add(CAT._replace(run="other"), 7, 12.5, tensor_value("cat", encoded("PNG")))
    web = RoomClient(api, provider)
    both = decode_columns(web.post("/steps", json={"tag": "cat", "runs": None}).content)
    assert [series["run"] for series in both["series"]] == ["other", "train"]
    one = decode_columns(web.post("/steps", json={"tag": "cat", "runs": ["train"]}).content)
    assert one["series"][0]["step"].tolist() == [1, 2]
    assert one["series"][0]["wall_time"].tolist() == [10.5, 11.5]

    assert one["series"][0]["key"] == list(provider.blobs(CAT).key)

    first, second = points(web, provider)
    assert [s["media_type"] for s in first["samples"]] == ["image/png", "image/gif"]
    assert [s["size"] for s in first["samples"]] == [[5, 3], [2, 4]]
    assert first["samples"][0]["bytes"] == len(encoded("PNG"))
    assert "samples" not in second
    assert "byte" in second["damaged"]


def test_films_are_as_large_as_their_writer_says() -> None:
    provider = MemoryProvider()
    for step, (film, width) in enumerate([(b"0000ftypisom", 40), (b"0000ftypisom", 0), (b"no film", 40)]):
        image = {"height": 30, "width": width, "encoded_image_string": film}
        provider.add(CAT, step, 10.0, Summary.Value(tag="cat", image=image).SerializeToString())
    found = points(RoomClient(api, provider), provider)
    assert [point["samples"][0]["size"] for point in found] == [[40, 30], None, None]


def test_image_bytes_keep_their_type_and_their_point() -> None:
    provider = MemoryProvider()
    for i, kind in enumerate(["PNG", "JPEG", "GIF"]):
        provider.add(CAT, i, 10.0 + i, tensor_value("cat", encoded(kind)))
    web = RoomClient(api, provider)
    for key, kind in zip(provider.blobs(CAT).key, ["PNG", "JPEG", "GIF"], strict=True):
        answer = web.get("/image", params={"key": key})
        assert answer.headers["content-type"] == f"image/{kind.lower()}"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.content == encoded(kind)
        assert web.get("/image", params={"key": key, "sample": 1}).status_code == 404
    assert web.get("/image", params={"key": "unknown"}).status_code == 404
    assert web.get("/image", params={}).status_code == 400


def test_a_video_is_answered_in_ranges() -> None:
    video = b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x68mdat" + bytes(range(96))
    provider = MemoryProvider()
    image = {"height": 30, "width": 40, "encoded_image_string": video}
    provider.add(CAT, 0, 1.0, Summary.Value(tag="cat", image=image).SerializeToString())
    (key,) = provider.blobs(CAT).key
    asked = client(provider)
    whole = asked.get("/api/images/image", params={"key": key})
    assert (whole.status_code, whole.headers["accept-ranges"], whole.content) == (200, "bytes", video)
    part = asked.get("/api/images/image", params={"key": key}, headers={"Range": "bytes=16-23"})
    assert (part.status_code, part.headers["content-range"]) == (206, f"bytes 16-23/{len(video)}")
    assert part.content == video[16:24] and part.headers["content-type"] == "video/mp4"
    behind = asked.get("/api/images/image", params={"key": key}, headers={"Range": f"bytes={len(video)}-"})
    assert behind.status_code == 416


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_that_was_cut_is_marked_and_its_neighbours_are_not(kind: str) -> None:
    data = encoded(kind, 50, 40)
    provider = MemoryProvider()
    provider.add(CAT, 0, 1.0, tensor_value("cat", data, data[: len(data) // 2], data))
    (point,) = points(RoomClient(api, provider), provider)
    assert ["damaged" in sample for sample in point["samples"]] == [False, True, False]
    assert "cut short" in point["samples"][1]["damaged"] and point["samples"][1]["size"] == [50, 40]


@pytest.mark.parametrize(
    "bad", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>1</script>", b"MZ"]
)
def test_only_pictures_are_shown(bad: bytes) -> None:
    provider = MemoryProvider()
    provider.add(CAT, 0, 1.0, tensor_value("cat", bad))
    [key] = provider.blobs(CAT).key
    answer = RoomClient(api, provider).get("/image", params={"key": key})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == bad


def test_golden_files() -> None:
    """The pictures in the golden file are those that TensorBoard reads; our answers are as they were."""
    provider = MemoryProvider().load("train", GOLDEN)
    wanted = json.loads((GOLDEN / "decoded.json").read_text("utf-8"))
    for key, theirs in zip(provider.blobs(CAT).key, wanted, strict=False):
        samples = decode(provider.read(key)).samples
        assert [hashlib.sha256(data).hexdigest() for data in samples] == [one["sha256"] for one in theirs]
        assert [list(pixel_size(data) or ()) for data in samples] == [one["size"] for one in theirs]
    web = RoomClient(api, provider)
    assert web.post("/steps", json={"tag": "cat"}).content == (GOLDEN / "steps.columns").read_bytes()
    answer = web.post("/points", json={"keys": list(provider.blobs(CAT).key)})
    assert answer.content == (GOLDEN / "points.json").read_bytes()


def test_all_pictures_of_a_series_as_one_file() -> None:
    provider = MemoryProvider()
    provider.add(CAT, 1, 10.5, tensor_value("cat", encoded("PNG"), encoded("GIF", 2, 4)))
    provider.add(CAT, 2, 11.5, b"\xff\xff")
    for value in (10, 20):  # a restart
        provider.add(CAT, 3, 12.5, tensor_value("cat", encoded("JPEG", value=value)))
    web = RoomClient(api, provider)
    answer = web.get("/archive", {"run": "train", "tag": "cat"})
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''train_cat.zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        found = {name: file.read(name) for name in file.namelist()}
    assert found.pop("damaged.txt").decode().startswith("step 2: ")
    assert found == {
        "1-1.png": encoded("PNG"),
        "1-2.gif": encoded("GIF", 2, 4),
        "3.jpg": encoded("JPEG", value=10),
        "3-2.jpg": encoded("JPEG", value=20),
    }
    assert web.get("/archive", {"run": "train", "tag": "cat"}).content == answer.content
    assert web.get("/archive", {"run": "train", "tag": "none"}).status_code == 404
