"""`cupola.summary` beside `torch.utils.tensorboard.summary` and `tensorboardX.summary`: the same messages,
looked at in the same ways.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch
from google.protobuf import text_format
from tensorboard.compat.proto.summary_pb2 import HistogramProto
from tensorboard.compat.proto.types_pb2 import DataType
from tensorboardX import summary as tbx_summary
from tests.support.event_files import files, read_file
from torch.utils.tensorboard import summary as torch_summary

from cupola import SummaryWriter, summary

RNG = np.random.default_rng(0)


def ramp(*shape: int) -> np.ndarray:
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


SAME = {
    "scalar": lambda module: module.scalar("t", 1.5),
    "infinite": lambda module: module.histogram_raw(
        "t", float("-inf"), 1e300, 1e-7, 1 / 3, 1, [1e20], [2**53]
    ),
    "scalar of a tensor": lambda module: module.scalar("t", torch.tensor([0.1])),
    "histogram auto": lambda module: module.histogram("t", ramp(1024), bins="auto", max_bins=5),
    "histogram fd": lambda module: module.histogram("t", ramp(1024), bins="fd", max_bins=5),
    "histogram doane": lambda module: module.histogram("t", ramp(1024), bins="doane", max_bins=5),
    "histogram_raw": lambda module: module.histogram_raw("t", 0.5, 2.0, 3, 4.5, 7.0, [1.0, 2.0], [1, 2]),
    "text": lambda module: module.text("t", "text 123"),
    "custom_scalars": lambda module: module.custom_scalars({"a": {"b": ["Margin", ["x", "y", "z"]]}}),
    "pr_curve": lambda module: module.pr_curve("t", np.array([0, 1, 1]), np.array([0.1, 0.4, 0.8]), 5),
    "pr_curve_raw": lambda module: module.pr_curve_raw("t", *ramp(6, 4), 127),
}


@pytest.mark.parametrize("name", SAME)
def test_messages_are_both_peers(name: str) -> None:
    ours = SAME[name](summary)
    for peer in (torch_summary, tbx_summary):
        theirs = SAME[name](peer)
        assert ours == theirs
        assert theirs == ours
        assert str(ours) == text_format.MessageToString(theirs)
        assert type(theirs).FromString(ours.SerializeToString()) == theirs


ONLY_TORCHS = {
    "new style": lambda module: module.scalar("t", 1.0, new_style=True),
    "new style, double": lambda module: module.scalar("t", 0.1, new_style=True, double_precision=True),
    "tensor_proto": lambda module: module.tensor_proto("t", torch.tensor([[1, 2, 3]])),
    "audio": lambda module: module.audio("t", ramp(42) / 50),
    "mesh": lambda module: module.mesh("m", ramp(1, 4, 3), ramp(1, 4, 3), None, None),
}


@pytest.mark.parametrize("name", ONLY_TORCHS)
def test_messages_are_torchs(name: str) -> None:
    ours, theirs = ONLY_TORCHS[name](summary), ONLY_TORCHS[name](torch_summary)
    assert ours == theirs
    assert str(ours) == text_format.MessageToString(theirs)


def test_display_names_are_tensorboardXs() -> None:
    for call in (
        lambda module: module.scalar("t", 2.0, "a name", "a text"),
        lambda module: module.scalar("t", 2.0, display_name="a name"),
    ):
        assert call(summary).value[0].metadata.display_name == "a name"
        ours, theirs = call(summary), call(tbx_summary)
        assert ours.value[0].metadata.summary_description == theirs.value[0].metadata.summary_description
        assert ours.value[0].simple_value == 2.0


def test_hparams_read_as_the_peers_text() -> None:
    ours = summary.hparams({"lr": 0.1}, {"accuracy": 0.1})
    assert str(ours) == str(torch_summary.hparams({"lr": 0.1}, {"accuracy": 0.1}))
    assert str(ours) == str(tbx_summary.hparams({"lr": 0.1}, {"accuracy": 0.1}))


@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 8, 8), (2, 1, 8, 8), (2, 3, 8, 8)])
def test_images_take_both_peers_default_axes(shape: tuple[int, ...]) -> None:
    dataformats = "CHW" if len(shape) == 3 else "NCHW"
    (theirs,) = torch_summary.image("t", ramp(*shape), dataformats=dataformats).value
    (ours,) = summary.image("t", ramp(*shape)).value
    assert (ours.image.height, ours.image.width, ours.image.colorspace) == (
        theirs.image.height,
        theirs.image.width,
        3,
    )


def test_one_is_as_bright_as_255() -> None:
    dark = summary.image(tensor=np.array([[[0, 255, 0]]], np.uint8), tag="", dataformats="HWC")
    assert dark == summary.image(tensor=np.array([[[0.0, 1.0, 0.0]]], np.float32), tag="", dataformats="HWC")
    assert hash(dark) == hash(summary.image("", np.array([[[0, 255, 0]]], np.uint8), dataformats="HWC"))
    assert dark != summary.image("other", np.array([[[0, 255, 0]]], np.uint8), dataformats="HWC")


def test_rescaled_images_declare_their_own_size() -> None:
    image = summary.image("t", np.zeros((3, 8, 10)), rescale=0.5).value[0].image
    assert (image.height, image.width) == (4, 5)
    assert (
        summary.image_boxes("t", np.zeros((3, 8, 10)), np.zeros((1, 4)), rescale=2).value[0].image.width == 20
    )


def test_parts_of_messages() -> None:
    made = summary.make_histogram(ramp(10), 5)
    assert made == torch_summary.make_histogram(ramp(10), 5)
    assert (made.num, made.bucket[1:], isinstance(made, HistogramProto)) == (10, [2.0] * 5, False)
    assert summary.make_image(np.zeros((4, 6, 3), np.uint8), rois=np.array([[0, 0, 2, 2]])).width == 6
    assert summary.make_video(np.zeros((2, 4, 6, 3), np.uint8), 4).encoded_image_string[:4] == b"GIF8"
    assert summary.video("t", ramp(4, 3, 1, 8, 8)).value[0].image.width == 16
    np.testing.assert_array_equal(
        summary.compute_curve(np.array([0, 1]), np.array([0.2, 0.7]), 3),
        torch_summary.compute_curve(np.array([0, 1]), np.array([0.2, 0.7]), 3),
    )
    assert summary._calc_scale_factor(np.zeros(3, np.uint8)) == 1
    assert summary._calc_scale_factor(np.zeros(3, np.float32)) == 255


def test_boxes_are_drawn_into_pillows_image() -> None:
    from PIL import Image

    image = Image.new("RGB", (16, 16))
    assert summary.draw_boxes(image, np.array([[2, 2, 12, 12]])) is image
    assert image.getpixel((2, 6)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("dtype", "number"), [(torch.float16, DataType.DT_HALF), (torch.bfloat16, DataType.DT_BFLOAT16)]
)
def test_halves(dtype: torch.dtype, number: int) -> None:
    made = summary.tensor_proto("t", torch.tensor([1.0, 2.0, 3.5], dtype=dtype)).value[0].tensor
    assert [summary.int_to_half(bits) for bits in made.half_val] == [1.0, 2.0, 3.5]
    assert made.dtype == number
    assert all(
        bits < 1 << 16 for bits in made.half_val
    )  # torch's own do not fit, and TensorBoard fails on them
    assert summary.int_to_half(summary.half_to_int(0.1)) == torch_summary.int_to_half(
        torch_summary.half_to_int(0.1)
    )


def test_fields_that_are_absent_are_empty() -> None:
    (value,) = summary.text("t", "x").value
    assert (value.simple_value, value.node_name, value.image.height, value.tensor.float_val) == (
        0.0,
        "",
        0,
        [],
    )
    assert value.HasField("tensor")
    assert not value.HasField("image")
    with pytest.raises(AttributeError, match=r"Summary\.Value has no field 'nonsense'"):
        _ = value.nonsense


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: summary.scalar("t", torch.tensor([1.0, 2.0]), new_style=True), AssertionError),
        (lambda: summary.histogram("t", [1, 3, 4, 5, 6], "tensorflow"), ValueError),
        (lambda: summary.histogram("t", np.ndarray(0), "tensorflow"), ValueError),
        (lambda: summary.make_histogram(np.ndarray(0), 3), ValueError),
        (lambda: summary.hparams(cast(Any, [1]), {}), TypeError),
        (lambda: summary.image("t", np.zeros((3, 3))), AssertionError),
    ],
)
def test_errors_are_those_of_the_peers(call: Any, error: type) -> None:
    with pytest.raises(error):
        call()


def test_every_public_function_of_the_peers_is_here() -> None:
    functions = set(torch_summary.__all__) | {
        name
        for name, member in vars(tbx_summary).items()
        if callable(member) and member.__module__ == tbx_summary.__name__ and not name.startswith("_")
    }
    assert functions <= set(summary.__all__)


@pytest.mark.parametrize("peer", [torch_summary, tbx_summary, summary])
def test_the_file_writer_takes_anybodys_summaries(peer: Any, tmp_path: Any) -> None:
    """What Lightning, MONAI and stable-baselines3 do."""
    with SummaryWriter(tmp_path) as writer:
        for made in peer.hparams({"lr": 0.5}, {"loss": 1.0}):
            writer._get_file_writer().add_summary(made)
        assert writer.file_writer is not None
        writer.file_writer.add_summary(peer.scalar("loss", 0.25), 7)
    (path,) = files(tmp_path)
    events = read_file(path).events
    assert [value.tag for event in events for value in event.summary.value][:4] == [
        "_hparams_/experiment",
        "_hparams_/session_start_info",
        "_hparams_/session_end_info",
        "loss",
    ]
    assert events[-1].step == 7
