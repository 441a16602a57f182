"""Every kind that cupola writes, as TensorBoard's own plugins serve it: exactly what was handed over."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from tests.support.tensorboard_app import TensorBoardApp

from cupola import SummaryWriter
from cupola.plugins.pr_curves.encode import compute_curve

RNG = np.random.default_rng(7)
PIXELS = RNG.integers(0, 256, (2, 3, 9, 12), dtype=np.uint8)
VIDEO = RNG.integers(0, 256, (1, 4, 1, 6, 8), dtype=np.uint8)
VALUES = RNG.standard_normal(5000).astype(np.float32)
AUDIO = np.sin(np.arange(800) / 9).reshape(400, 2)
LABELS, PREDICTIONS = RNG.integers(0, 2, 50), RNG.random(50)
VERTICES, COLORS = RNG.random((1, 5, 3)), RNG.integers(0, 256, (1, 5, 3))
FACES = RNG.integers(0, 5, (1, 4, 3))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TensorBoardApp]:
    """One log directory with every kind in it, read by TensorBoard."""
    logdir: Path = tmp_path_factory.mktemp("kinds")
    with SummaryWriter(logdir) as writer:
        for step in range(2):
            writer.add_image("image", PIXELS[step], step)
        writer.add_images("batch", PIXELS)
        writer.add_video("video", VIDEO)
        writer.add_histogram("values", torch.from_numpy(VALUES))
        writer.add_histogram("odd values", np.array([np.nan, np.inf, 1.0, 1e30]), 1)
        writer.add_histogram("no value", np.array([np.nan]), 2)
        writer.add_text("words", "**fett** 训练", 3)
        writer.add_audio("audio", AUDIO, 4, sample_rate=8000)
        writer.add_pr_curve("curve", LABELS, PREDICTIONS, 5, num_thresholds=11)
        writer.add_mesh("mesh", VERTICES, COLORS, FACES, {"camera": {"fov": 75}}, 6)
        writer.add_custom_scalars({"first": {"losses": ["Multiline", ["loss/.*"]]}})
        writer.add_custom_scalars_marginchart(["value", "lower", "upper"], "second", "band")
        for step in range(3):
            writer.add_scalar("loss/train", 1 / (step + 1), step)
        writer.add_hparams(
            {"lr": 0.1, "norm": True, "opt": "adam"}, {"accuracy": 0.5}, {"lr": [0.1, 0.2]}, "trial"
        )
        writer.add_tensor("tensor", torch.arange(3))
    yield TensorBoardApp(logdir)


def images(board: TensorBoardApp, tag: str) -> list[tuple[int, Image.Image]]:
    """(step, image) of a tag, fetched as the page fetches them."""
    entries = board.get("images/images", tag=tag, sample=0)
    return [
        (entry["step"], Image.open(io.BytesIO(board.bytes("images/individualImage", entry["query"]))))
        for entry in entries
    ]


def test_images(board: TensorBoardApp) -> None:
    shown = images(board, "image")
    assert [step for step, _ in shown] == [0, 1]
    for step, image in shown:
        np.testing.assert_array_equal(np.asarray(image), PIXELS[step].transpose(1, 2, 0))
    ((_, grid),) = images(board, "batch")
    np.testing.assert_array_equal(np.asarray(grid), np.concatenate(PIXELS.transpose(0, 2, 3, 1), axis=1))


def test_video_plays_in_images(board: TensorBoardApp) -> None:
    ((_, video),) = images(board, "video")
    assert isinstance(video, GifImageFile)
    assert (video.format, video.n_frames) == ("GIF", 4)
    for index in range(4):
        video.seek(index)
        np.testing.assert_array_equal(np.asarray(video.convert("L")), VIDEO[0, index, 0])


def test_histograms(board: TensorBoardApp) -> None:
    ((_, step, buckets),) = board.get("histograms/histograms", tag="values")
    left, right, counts = np.array(buckets).T
    edges = np.append(left, right[-1])
    assert step == 0
    assert (left[0], right[-1]) == (VALUES.min(), VALUES.max())
    np.testing.assert_array_equal(left[1:], right[:-1])
    from cupola.plugins.histograms.bins import default_edges

    bins = default_edges()
    expected, _ = np.histogram(VALUES.astype(float), bins)
    used = np.flatnonzero(expected)
    np.testing.assert_array_equal(counts, expected[used[0] : used[-1] + 1])
    np.testing.assert_array_equal(edges[1:-1], bins[used[0] + 1 : used[-1] + 1].astype(np.float32))


def test_histograms_of_what_is_not_finite(board: TensorBoardApp) -> None:
    ((_, _, buckets),) = board.get("histograms/histograms", tag="odd values")
    assert [count for _, _, count in buckets] == [1]
    ((_, step, empty),) = board.get("histograms/histograms", tag="no value")
    assert (step, empty) == (2, [])
    assert board.get("distributions/distributions", tag="values")[0][1] == 0


def test_text(board: TensorBoardApp) -> None:
    (entry,) = board.get("text/text", tag="words/text_summary", markdown="false")
    assert entry["step"] == 3
    assert "<td>**fett** 训练</td>" in entry["text"]
    (entry,) = board.get("text/text", tag="words/text_summary")
    assert "<strong>fett</strong>" in entry["text"]


def test_audio(board: TensorBoardApp) -> None:
    (entry,) = board.get("audio/audio", tag="audio", sample=0)
    assert (entry["step"], entry["contentType"]) == (4, "audio/wav")
    with wave.open(io.BytesIO(board.bytes("audio/individualAudio", entry["query"]))) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 2)
        samples = np.frombuffer(file.readframes(-1), "<i2").reshape(-1, 2)
    np.testing.assert_array_equal(samples, (AUDIO * 32767).astype("i2"))


def test_pr_curves(board: TensorBoardApp) -> None:
    ((entry,),) = board.get("pr_curves/pr_curves", tag="curve").values()
    names = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")
    shown = len(entry["precision"])  # TensorBoard leaves out the last thresholds, those without a positive
    assert entry["step"] == 5
    assert 9 <= shown <= 11
    matrix = compute_curve(LABELS, PREDICTIONS, 11)
    assert not matrix[0, shown:].any()
    for name, row in zip(names, matrix.astype(np.float32), strict=True):
        np.testing.assert_array_equal(entry[name], row[:shown], err_msg=name)


def test_mesh(board: TensorBoardApp) -> None:
    entries = board.get("mesh/meshes", tag="mesh", sample=0)
    assert {(entry["content_type"], tuple(entry["data_shape"])) for entry in entries} == {
        (1, (1, 5, 3)),
        (2, (1, 4, 3)),
        (3, (1, 5, 3)),
    }
    assert all(
        entry["components"] == 14 and json.loads(entry["config"]) == {"camera": {"fov": 75}}
        for entry in entries
    )
    wanted = {"VERTEX": VERTICES.astype("f4"), "FACE": FACES.astype("i4"), "COLOR": COLORS.astype("u1")}
    for kind, part in wanted.items():
        data = board.bytes("mesh/data", f"run=.&tag=mesh&sample=0&step=6&content_type={kind}")
        np.testing.assert_array_equal(np.frombuffer(data, part.dtype).reshape(part.shape[1:]), part[0])


def test_custom_scalars_of_all_calls(board: TensorBoardApp) -> None:
    layout = board.get("custom_scalars/layout")
    assert [
        (category["title"], [chart["title"] for chart in category["chart"]])
        for category in layout["category"]
    ] == [
        ("first", ["losses"]),
        ("second", ["band"]),
    ]
    points = board.get("custom_scalars/scalars", tag="loss/.*")
    assert [row[1] for row in points["tag_to_events"]["loss/train"]] == [0, 1, 2]


def test_hparams(board: TensorBoardApp) -> None:
    experiment = board.post("hparams/experiment", {"experimentName": "", "hparamsLimit": 0})
    kinds = {info["name"]: info["type"] for info in experiment["hparamInfos"]}
    assert kinds == {"lr": "DATA_TYPE_FLOAT64", "norm": "DATA_TYPE_BOOL", "opt": "DATA_TYPE_STRING"}
    request = {
        "experimentName": "",
        "allowedStatuses": ["STATUS_SUCCESS"],
        "colParams": [{"hparam": name} for name in kinds],
        "startIndex": 0,
        "sliceSize": 10,
    }
    (group,) = board.post("hparams/session_groups", request)["sessionGroups"]
    assert group["hparams"] == {"lr": 0.1, "norm": True, "opt": "adam"}
    (metric,) = group["sessions"][0]["metricValues"]
    assert (metric["name"]["tag"], metric["value"]) == ("accuracy", 0.5)
