"""PNG: Pillow reads back every pixel."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from cupola.values.png import encode_png, to_pixels


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")])
@pytest.mark.parametrize("size", [(1, 1), (3, 700), (65, 2)])
@pytest.mark.parametrize("content", ["noise", "flat", "ramp"])
def test_reads_back(channels: int, mode: str, size: tuple[int, int], content: str) -> None:
    rng = np.random.default_rng(0)
    pixels = {
        "noise": rng.integers(0, 256, (*size, channels), dtype=np.uint8),
        "flat": np.full((*size, channels), 200, np.uint8),
        "ramp": np.arange(size[0] * size[1] * channels, dtype=np.uint8).reshape(*size, channels),
    }[content]
    image = Image.open(io.BytesIO(encode_png(pixels)))
    assert image.mode == mode
    np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)
    Image.open(io.BytesIO(encode_png(pixels))).verify()


def test_takes_strided_pixels() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(3, 2, 4).transpose(1, 2, 0)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(encode_png(pixels)))), pixels)


def test_flat_images_are_small() -> None:
    assert len(encode_png(np.full((480, 640, 3), 255, np.uint8))) < 10_000


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (np.array([0, 7, 255], np.uint8), [0, 7, 255]),
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 127, 255]),
        (np.array([-1.0, 1.5, np.nan, np.inf, -np.inf, 1e300]), [0, 255, 0, 255, 0, 255]),
        (np.array([0.5, 2.0], np.float16), [127, 255]),
        (np.array([False, True]), [0, 255]),
        (np.array([0, 1, 1]), [0, 255, 255]),  # a mask
        (np.array([0, 1, 200, 300, -5]), [0, 1, 200, 255, 0]),  # pixel values
        (np.array([0, 256], np.uint16), [0, 255]),
        (np.array([-1, 0, 1], np.int8), [0, 0, 1]),
    ],
)
def test_pixels_of(given: np.ndarray, wanted: list[int]) -> None:
    pixels = to_pixels(given)
    assert pixels.dtype == np.uint8
    assert pixels.tolist() == wanted
