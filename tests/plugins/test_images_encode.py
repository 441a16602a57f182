"""`add_image` and its kin: the images of torch's writer to the pixel, through Pillow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from tests.support.encoded import decoded, value
from tests.support.event_files import files, read_file
from torch.utils.tensorboard import summary as torch_summary

from cupola import SummaryWriter
from cupola.errors import WrongType, WrongValue
from cupola.plugins.images import encode, videos
from cupola.plugins.images.figures import figure_to_image

matplotlib.use("Agg")

RNG = np.random.default_rng(0)


def same_as_torch(ours: Any, theirs: Any) -> None:
    """Same image, mode, tag and declared sizes; only the compression differs."""
    (theirs,) = theirs.value
    assert np.array_equal(np.asarray(decoded(ours.image)), np.asarray(decoded(theirs.image)))
    assert decoded(ours.image).mode == decoded(theirs.image).mode
    ours.image.encoded_image_string = theirs.image.encoded_image_string = b""
    assert ours == theirs


SHAPES = [
    ((3, 20, 30), "CHW"),
    ((1, 20, 30), "CHW"),
    ((4, 20, 30), "CHW"),
    ((20, 30, 3), "HWC"),
    ((20, 30, 2), "hwc"),
    ((20, 30), "HW"),
    ((30, 20), "WH"),
    ((10, 3, 8, 9), "NCHW"),
    ((10, 1, 8, 9), "NCHW"),
    ((3, 8, 9, 3), "NHWC"),
    ((1, 3, 8, 9), "NCHW"),
]


@pytest.mark.parametrize(("shape", "dataformats"), SHAPES)
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "float16", "bool"])
def test_image_is_torchs(shape: tuple[int, ...], dataformats: str, dtype: str) -> None:
    noise = RNG.random(shape)
    data = (noise * 256).astype("u1") if dtype == "uint8" else (noise * 1.4 - 0.2).astype(dtype)
    same_as_torch(
        value(encode.image("t", data, dataformats)), torch_summary.image("t", data, dataformats=dataformats)
    )
    same_as_torch(
        value(encode.images("t", data, dataformats)), torch_summary.image("t", data, dataformats=dataformats)
    )


def test_values_run_from_the_first_to_the_last() -> None:
    """The array that both peers' tests use: numbers far beyond 1."""
    ramp = np.arange(3 * 32 * 32, dtype=float).reshape(3, 32, 32)
    same_as_torch(value(encode.image("t", ramp)), torch_summary.image("t", ramp, dataformats="CHW"))


def test_tensors_on_every_way() -> None:
    tensor = torch.rand(3, 8, 8)
    wanted = np.asarray(decoded(value(encode.image("t", tensor.numpy())).image))
    for given in (tensor, tensor.requires_grad_(), tensor.detach().tolist()):
        np.testing.assert_array_equal(np.asarray(decoded(value(encode.image("t", given)).image)), wanted)
    low = np.asarray(decoded(value(encode.image("t", tensor.detach().bfloat16())).image), int)
    assert abs(low - wanted).max() <= 2


def test_four_channel_batches_and_lists() -> None:
    """What only tensorboardX takes."""
    batch = (RNG.random((9, 4, 5, 6)) * 256).astype("u1")
    grid = np.asarray(decoded(value(encode.images("t", batch)).image))
    assert grid.shape == (10, 48, 4)
    np.testing.assert_array_equal(grid[5:, :6], batch[8].transpose(1, 2, 0))
    assert not grid[5:, 6:].any()
    for given in (list(batch), [torch.from_numpy(image) for image in batch], tuple(batch)):
        np.testing.assert_array_equal(
            np.asarray(decoded(value(encode.images("t", given, "CHW")).image)), grid
        )
        np.testing.assert_array_equal(np.asarray(decoded(value(encode.images("t", given)).image)), grid)
    last = [image.transpose(1, 2, 0) for image in batch]
    np.testing.assert_array_equal(np.asarray(decoded(value(encode.images("t", last, "HWC")).image)), grid)


def test_the_array_may_change_after_the_call() -> None:
    data = np.zeros((3, 4, 4))
    deferred = encode.image("t", data)
    data[:] = 1
    assert not np.asarray(decoded(value(deferred).image)).any()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode.image("t", np.zeros((3, 4))), WrongValue, r"shape \(3, 4\).*'CHW'.*3 axes"),
        (lambda: encode.image("t", np.zeros((8, 8, 3))), WrongValue, "8 channels"),
        (lambda: encode.image("t", np.zeros((3, 8, 8)), "CCW"), WrongValue, "'CCW'"),
        (lambda: encode.image("t", np.zeros((3, 8, 8)), "XYZ"), WrongValue, "letters"),
        (lambda: encode.image("t", np.zeros((3, 8, 8)), cast(Any, 3)), WrongType, "dataformats is 3"),
        (lambda: encode.image("t", np.zeros((3, 0, 8))), WrongValue, "length 0"),
        (lambda: encode.image("t", np.zeros((3, 8, 8), complex)), WrongType, "complex"),
        (lambda: encode.image("t", None), WrongType, "img_tensor is None"),
        (lambda: encode.image(cast(Any, 5), np.zeros((3, 8, 8))), WrongType, "tag"),
        (lambda: encode.images("t", [np.zeros((3, 8, 8)), np.zeros((3, 9, 8))], "CHW"), WrongValue, "shapes"),
        (lambda: encode.image_with_boxes("t", np.zeros((3, 8, 8)), np.zeros(4)), WrongValue, "N x 4"),
        (
            lambda: encode.image_with_boxes("t", np.zeros((3, 8, 8)), np.zeros((1, 4)), 0),
            WrongValue,
            "rescale",
        ),
        (lambda: encode.video("t", np.zeros((1, 3, 8, 8))), WrongValue, "5 axes"),
        (lambda: encode.video("t", np.zeros((1, 2, 3, 8, 8)), fps=0), WrongValue, "fps"),
        (lambda: encode.video("t", np.zeros((1, 2, 3, 8, 8)), format="avi"), WrongValue, "avi"),
        (lambda: encode.figure("t", np.zeros((3, 8, 8))), WrongType, "Figure"),
        (lambda: encode.figure("t", []), WrongValue, "no figure"),
    ],
)
def test_refuses_at_the_call(call: Callable[[], object], error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        call()


BOXES = np.array([[10, 10, 30, 25], [1, 2, 8, 9.5]])


@pytest.mark.parametrize("rescale", [1, 2, 0.5])
@pytest.mark.parametrize("labels", [None, ["cat", "a dog"]])
def test_boxes_are_torchs(rescale: float, labels: list[str] | None) -> None:
    data = RNG.random((3, 32, 40))
    ours = value(encode.image_with_boxes("t", data, BOXES, rescale, labels=labels))
    (theirs,) = torch_summary.image_boxes("t", data, BOXES, rescale, labels=labels).value
    assert decoded(ours.image).size == (int(40 * rescale), int(32 * rescale))
    theirs.image.height, theirs.image.width = (
        ours.image.height,
        ours.image.width,
    )  # torch declares the size before scaling
    np.testing.assert_array_equal(np.asarray(decoded(ours.image)), np.asarray(decoded(theirs.image)))


def test_boxes_that_make_no_sense(caplog: pytest.LogCaptureFixture) -> None:
    data = np.zeros((3, 16, 16))
    nothing = value(encode.image_with_boxes("t", data, np.array([[np.nan, 0, 4, 4]])))
    assert not np.asarray(decoded(nothing.image)).any()
    far = value(encode.image_with_boxes("t", data, np.array([[4, 4, np.inf, 1e30]])))
    assert np.asarray(decoded(far.image))[8, 4].tolist() == [255, 0, 0]
    one = value(encode.image_with_boxes("t", data, BOXES, labels="only one"))
    assert "1 labels for 2 boxes" in caplog.text
    none = value(encode.image_with_boxes("t", data, BOXES))
    assert one == none
    assert value(encode.image_with_boxes("t", data, np.zeros((0, 4)))).image.width == 16


@pytest.mark.parametrize(
    ("count", "size"), [(1, (8, 8)), (3, (32, 8)), (4, (16, 16)), (16, (32, 32)), (20, (64, 32))]
)
def test_videos_are_tiled_as_the_peers_do(count: int, size: tuple[int, int]) -> None:
    """Grey, which a GIF holds exactly, against torch's own arrangement."""
    from torch.utils.tensorboard._utils import _prepare_video

    data = RNG.random((count, 5, 1, 8, 8)).astype(np.float32)
    made = value(encode.video("t", data, fps=10))
    video = decoded(made.image)
    assert isinstance(video, GifImageFile)
    assert (video.size, video.n_frames, video.info["duration"], made.image.colorspace) == (size, 5, 100, 1)
    for index, frame in enumerate((_prepare_video(data) * 255).astype("u1")):
        video.seek(index)
        np.testing.assert_array_equal(np.asarray(video.convert("L")), frame[..., 0])


@pytest.mark.parametrize("channels", [1, 3])
def test_frames_without_a_change_stay_frames(channels: int) -> None:
    """Also more of them than one GIF frame could last."""
    data = np.zeros((1, 4000, channels, 4, 6), np.uint8)
    data[:, 1999:2001, 0, 1:3, 2:5] = 250
    video = decoded(value(encode.video("t", data, fps=4)).image)
    assert isinstance(video, GifImageFile) and video.n_frames == 4000
    for index in (0, 1998, 1999, 2000, 2001, 3999):
        video.seek(index)
        shown = np.asarray(video.convert("RGB")).transpose(2, 0, 1)
        np.testing.assert_array_equal(shown[:channels], data[0, index])
        assert video.info["duration"] == 250


def test_colour_videos_in_any_order_of_axes() -> None:
    data = np.zeros((1, 2, 3, 8, 8), np.uint8)
    data[0, 0, 0], data[0, 1, 2] = 200, 255
    for letters in ("NTCHW", "nthwc", "TNCWH"):
        video = decoded(
            value(
                encode.video(
                    "t",
                    data.transpose(["NTCHW".index(axis) for axis in letters.upper()]),
                    dataformats=letters,
                )
            ).image
        )
        assert video.convert("RGB").getpixel((3, 3)) == (200, 0, 0)
        video.seek(1)
        assert video.convert("RGB").getpixel((3, 3)) == (0, 0, 255)


def test_fast_videos_keep_the_least_time_of_a_gif() -> None:
    video = decoded(value(encode.video("t", RNG.random((1, 3, 1, 4, 4)), fps=1000)).image)
    assert video.info["duration"] == 20


def test_mp4_needs_an_ffmpeg(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(encode, "find_ffmpeg", lambda: None)
    made = value(encode.video("t", RNG.random((1, 3, 1, 4, 4)), format="mp4"))
    assert decoded(made.image).format == "GIF"
    assert "no ffmpeg" in caplog.text


def test_the_writer_asks_for_mp4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\ncat > /dev/null\nfor last; do :; done\nprintf '0000ftypisom' > $last\n")
    program.chmod(0o755)
    monkeypatch.setattr(encode, "find_ffmpeg", lambda: str(program))
    with SummaryWriter(tmp_path / "log") as writer:
        writer.add_video("t", RNG.random((1, 3, 1, 4, 6)), 3, format="mp4")
        with pytest.raises(ValueError, match="wanted 'gif' or 'mp4'"):
            writer.add_video("t", RNG.random((1, 3, 1, 4, 6)), format="avi")
    (path,) = files(tmp_path / "log")
    image = read_file(path).events[-1].summary.value[0].image
    assert (image.encoded_image_string, image.width, image.height) == (b"0000ftypisom", 6, 4)


def test_mp4_tells_what_ffmpeg_said(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho the disk is full >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(RuntimeError, match="the disk is full"):
        videos.encode_mp4(np.zeros((2, 4, 4, 3), np.uint8), 4, str(program))


def test_figures_are_drawn_at_the_call_and_closed() -> None:
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(2, 1), dpi=50, facecolor="red")
    canvas = figure.canvas
    deferred = encode.figure("t", figure, close=False)
    assert figure.canvas is canvas
    assert pyplot.fignum_exists(figure.number)
    figure.set_facecolor("blue")
    blue = encode.figure("t", figure)
    assert not pyplot.fignum_exists(figure.number)
    assert Image.Image.getpixel(decoded(value(deferred).image), (1, 1)) == (255, 0, 0)
    assert Image.Image.getpixel(decoded(value(blue).image), (1, 1)) == (0, 0, 255)
    assert decoded(value(deferred).image).size == (100, 50)


def test_a_list_of_figures_is_a_grid() -> None:
    from matplotlib import pyplot

    figures = [pyplot.figure(figsize=(1, 1), dpi=20) for _ in range(3)]
    assert figure_to_image(figures, close=False).shape == (3, 3, 20, 20)
    assert decoded(value(encode.figure("t", figures)).image).size == (60, 20)
    with pytest.raises(WrongValue, match="one size"):
        encode.figure("t", [pyplot.figure(figsize=(1, 1)), pyplot.figure(figsize=(2, 1))])
    pyplot.close("all")
