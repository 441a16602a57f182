"""Smaller copies of pictures, against NumPy's means of the pixels that were logged."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from tests.support.memory_provider import MemoryProvider
from tests.support.room_client import RoomClient

from cupola import SummaryWriter
from cupola.plugins.images import api, thumbnails
from cupola.plugins.images.thumbnails import thumbnail
from cupola.types import SeriesKey

CAT = SeriesKey("train", "images", "cat")


def file(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("shape", [(512, 768), (512, 768, 3)])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP"])
def test_each_pixel_is_the_mean_of_those_that_it_stands_for(shape: tuple[int, ...], kind: str) -> None:
    pixels = noise(*shape)
    options = {"lossless": True} if kind == "WEBP" else {}
    small = opened(thumbnail(file(Image.fromarray(pixels), kind, **options), 256))
    assert (small.format, small.size) == ("PNG", (256, 171))
    exact = opened(thumbnail(file(Image.fromarray(pixels[:510]), kind, **options), 256))
    assert exact.size == (256, 170)
    means = pixels[:510].reshape(170, 3, 256, 3, *shape[2:]).mean((1, 3))
    found = np.asarray(exact.convert("RGB" if len(shape) == 3 else "L"), float)
    assert np.abs(found - means).max() < 1  # rounded along each axis


def test_what_is_transparent_lends_no_colour() -> None:
    pixels = np.zeros((512, 512, 4), np.uint8)
    pixels[::2] = (200, 100, 50, 255)
    pixels[1::2] = (0, 255, 0, 0)
    small = np.asarray(opened(thumbnail(file(Image.fromarray(pixels)), 256)))
    assert np.abs(small.astype(int) - (200, 100, 50, 128)).max() <= 1


@pytest.mark.parametrize("mode", ["1", "P", "LA"])
def test_every_mode_that_browsers_show_alike(mode: str) -> None:
    pixels = np.repeat(np.repeat(noise(64, 64, 3), 8, 0), 8, 1)
    picture = Image.fromarray(pixels).convert(mode)
    small = opened(thumbnail(file(picture), 256)).convert("RGBA")
    expected = np.asarray(picture.convert("RGBA"), float).reshape(256, 2, 256, 2, 4).mean((1, 3))
    assert np.abs(np.asarray(small, float) - expected).max() <= 1


def gamma() -> bytes:
    extra = PngImagePlugin.PngInfo()
    extra.add(b"gAMA", struct.pack(">I", 20_000))
    return file(Image.new("L", (600, 600)), pnginfo=extra)


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return file(Image.new("RGB", (600, 300)), "JPEG", exif=exif)


def moving(kind: str) -> bytes:
    first, second = Image.new("RGB", (600, 600)), Image.new("RGB", (600, 600), "red")
    return file(first, kind, save_all=True, append_images=[second])


AS_IT_IS = {
    "small": file(Image.new("L", (256, 256))),
    "moving": moving("GIF"),
    "a still gif": file(Image.new("P", (600, 600)), "GIF"),
    "a moving webp": moving("WEBP"),
    "16 bits": file(Image.fromarray(noise(600, 600).astype(np.uint16))),
    "cmyk": file(Image.new("CMYK", (600, 600)), "JPEG"),
    "gamma": gamma(),
    "turned": turned(),
    "cut": file(Image.fromarray(noise(600, 600)))[:-5000],
    "cut in its header": file(Image.new("L", (600, 600)))[:40],
    "a bomb": file(Image.new("1", (40_000, 40_000))),
    "no picture": b"<svg/>",
}


@pytest.mark.parametrize("name", AS_IT_IS)
def test_what_is_shown_as_it_is(name: str, tmp_path: Path) -> None:
    data = AS_IT_IS[name]
    assert thumbnail(data, 256) is None
    provider = MemoryProvider()
    provider.add(CAT, 1, 1.0, _value(data))
    (key,) = provider.blobs(CAT).key
    answer = RoomClient(api, provider).get("/thumbnail", {"key": key, "longest": 256})
    assert answer.status_code == 200 and answer.content == data


def _value(data: bytes) -> bytes:
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary.Value(tag="cat", image=Summary.Image(encoded_image_string=data)).SerializeToString()


def test_a_copy_is_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("cat", noise(1200, 900, 3), 0, dataformats="HWC")
    provider = MemoryProvider().load("train", tmp_path)
    (key,) = provider.blobs(CAT).key
    made = []
    monkeypatch.setattr(thumbnails, "thumbnail", lambda *asked: made.append(asked) or thumbnail(*asked))
    web = RoomClient(api, provider)
    for longest, height in ((256, 256), (256, 256), (512, 512)):
        answer = web.get("/thumbnail", {"key": key, "longest": longest})
        assert opened(answer.content).size == (height * 3 // 4, height)
        assert "immutable" in answer.headers["cache-control"]
    assert [longest for _, longest in made] == [256, 512]
    assert web.get("/thumbnail", {"key": key, "longest": 300}).status_code == 400
    assert web.get("/thumbnail", {"key": key}).status_code == 400
    assert web.get("/thumbnail", {"key": key, "longest": 256, "sample": 1}).status_code == 404
