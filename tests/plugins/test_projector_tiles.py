"""Single images out of sprites: which, how large, and what is said of sprites that are none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.plugins.test_projector_api import client

from cupola.errors import DecodeError
from cupola.plugins.projector import tiles
from cupola.plugins.projector.encode import embedding
from cupola.plugins.projector.tiles import COLUMNS, decode_sprite, scaled

MODES = ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16"]


def sprite(shape: tuple[int, ...], seed: int = 0) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def weighted(image: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Colours as they are seen: under little alpha Pillow's rounding makes much of nothing."""
    return image[..., :3] * (image[..., 3:] / 255) if image.ndim == 3 and image.shape[2] == 4 else image


def encoded(pixels: np.ndarray[Any, Any] | Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    (pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("size", [1, 2, 5, 7, 12, 99])
def test_an_image_is_what_pillow_cuts_and_averages(channels: int, size: int) -> None:
    pixels = sprite((37, 44, channels))[:, :, 0] if channels == 1 else sprite((37, 44, channels))
    found = decode_sprite(encoded(pixels), (7, 12), "s.png")
    assert (found.columns, found.count) == (6, 18)
    indices = np.array([17, 0, 5, 6, 17])
    cut = found.cut(indices, size)
    for index, image in zip(indices, cut, strict=True):
        x, y = index % 6 * 7, index // 6 * 12
        one = Image.fromarray(pixels).crop((x, y, x + 7, y + 12))
        wanted = np.asarray(one.resize(scaled((7, 12), size), Image.Resampling.BOX))
        assert image.shape[:2] == wanted.shape[:2]
        np.testing.assert_allclose(weighted(image.reshape(wanted.shape)), weighted(wanted), atol=1.5)


def test_an_image_that_is_not_there_is_empty() -> None:
    found = decode_sprite(encoded(sprite((8, 16, 4))), (8, 8), "s.png")
    assert not found.cut(np.array([2, 2**31 - 1]), 4).any()


@pytest.mark.parametrize("mode", MODES)
def test_every_kind_of_pixels_is_read(mode: str) -> None:
    image = Image.fromarray(sprite((8, 8, 3))).convert("L" if mode == "I;16" else mode)
    image = Image.fromarray(np.full((8, 8), 300, np.uint16)) if mode == "I;16" else image
    found = decode_sprite(encoded(image, "JPEG" if mode == "CMYK" else "PNG"), (4, 4), "s")
    assert found.count == 4
    assert found.cut(np.arange(4), 4).shape[:3] == (4, 4, 4)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_format_is_read(kind: str) -> None:
    assert decode_sprite(encoded(sprite((8, 12, 3)), kind), (4, 4), "s").count == 6


def test_a_sprite_wider_than_8192_px_and_of_more_pixels_than_pillow_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)  # its bound is as if the sprite were huge
    pixels = np.zeros((8, 20_000), np.uint8)
    pixels[:, 19_992:] = 200
    found = decode_sprite(encoded(pixels), (8, 8), "s")
    assert found.count == 2500
    assert found.cut(np.array([2498, 2499]), 8)[:, 0, 0, 0].tolist() == [0, 200]


def hostile() -> dict[str, bytes]:
    whole = encoded(sprite((16, 16)))
    return {
        "empty": b"",
        "text": b"<svg onload=alert(1)>",
        "cut short": whole[: len(whole) // 2],
        "header only": whole[:33],
        "another format": encoded(sprite((16, 16)), "TIFF"),
        "smaller than an image": encoded(sprite((3, 16))),
    }


@pytest.mark.parametrize("name", hostile())
def test_what_is_no_sprite_says_so(name: str) -> None:
    with pytest.raises(DecodeError, match=r"the sprite emb/s\.png .*wanted"):
        decode_sprite(hostile()[name], (4, 4), "emb/s.png")


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MAX_SPRITE_BYTES", 1 << 20)
    with pytest.raises(DecodeError, match=r"4096×4096 px and would take 16 MiB .*at most 1 MiB"):
        decode_sprite(encoded(np.zeros((4096, 4096), np.uint8)), (4, 4), "s")


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    pictures = sprite((40, 3, 10, 6), 1)
    embedding(np.eye(40), None, pictures, 1, "e").write(tmp_path / "run")
    return tmp_path


def ask(logdir: Path, **body: Any) -> Any:
    return client(logdir).post("/sprite/tiles", {"run": "run", "name": "e:00001", **body})


def test_the_route_answers_a_sheet_of_what_was_asked_for(logged: Path) -> None:
    indices = [39, 3, 3, *range(40)] * 4
    answer = ask(logged, size=10, indices=indices)
    assert answer.headers["content-type"] == "image/png"
    sheet = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert sheet.shape == (2 * 10, COLUMNS * 6, 3)
    pictures = sprite((40, 3, 10, 6), 1).transpose(0, 2, 3, 1)
    for at, index in enumerate(indices):
        x, y = at % COLUMNS * 6, at // COLUMNS * 10
        np.testing.assert_array_equal(sheet[y : y + 10, x : x + 6], pictures[index])


def test_one_image_by_its_address(logged: Path) -> None:
    room = client(logged)
    query = {"run": "run", "name": "e:00001"}
    answer = room.get("/sprite/image", {**query, "index": 7})
    pictures = sprite((40, 3, 10, 6), 1).transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), pictures[7])
    assert answer.headers["cache-control"] == "no-store"
    assert room.get("/sprite/image", {**query, "index": 4000}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"indices": []},
        {"indices": "0"},
        {"indices": [0.5]},
        {"indices": [-1]},
        {"indices": [True]},
        {"indices": [2**31]},
        {"indices": [0] * 16_385, "size": 1},
        {"indices": [0] * 5, "size": 1024},
        {"indices": [0], "size": 0},
    ],
)
def test_what_cannot_be_asked_for(logged: Path, body: dict[str, Any]) -> None:
    assert ask(logged, **body).status_code == 400


def test_a_config_without_the_size_of_an_image(logged: Path) -> None:
    config = logged / "run" / "projector_config.pbtxt"
    config.write_text(config.read_text().replace("single_image_dim: 6", ""))
    answer = ask(logged, indices=[0])
    assert answer.status_code == 422
    assert "single_image_dim" in answer.text


def test_a_sprite_that_is_not_there(logged: Path) -> None:
    next(logged.rglob("sprite.png")).unlink()
    assert ask(logged, indices=[0]).status_code == 404
