"""The peers' signatures, orders of arguments and messages."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
import tensorboardX
import torch
import torch.utils.tensorboard
from tensorboard.compat.proto import event_pb2, summary_pb2
from tests.support.event_files import scalars, steps, values

import cupola
from cupola import SummaryWriter
from cupola.errors import WrongType

OTHER_DEFAULTS = {("add_onnx_graph", "prototxt"), ("add_graph", "use_strict_trace")}
"""The first has two names; the second tells those who ask for torch's errors from those who do not."""


@pytest.mark.parametrize("peer", [torch.utils.tensorboard.SummaryWriter, tensorboardX.SummaryWriter])
def test_signatures_are_the_peers(peer: type) -> None:
    """Every public method and parameter of each peer, those that can be positional in the same place
    (torch's first).
    """
    for name, method in inspect.getmembers(peer, inspect.isfunction):
        if name.startswith("_") and name != "__init__":
            continue
        ours = inspect.signature(getattr(SummaryWriter, name)).parameters
        theirs = inspect.signature(method).parameters
        for place, (parameter, details) in enumerate(theirs.items()):
            if details.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            assert parameter in ours, (name, parameter)
            if peer.__module__.startswith("torch"):
                assert list(ours)[place] == parameter, (name, parameter)
                if (name, parameter) not in OTHER_DEFAULTS:
                    assert ours[parameter].default == details.default, (name, parameter)


def test_arguments_in_either_peers_order(tmp_path: Path) -> None:
    image, boxes = np.zeros((3, 32, 32), np.uint8), np.array([[1, 1, 20, 20]])
    with SummaryWriter(tmp_path) as writer:
        writer.add_image_with_boxes("torch", image, boxes, 1, None, 2, "CHW", ["a"])
        writer.add_image_with_boxes("x", image.transpose(1, 2, 0), boxes, 1, None, "HWC", ["a"])
        writer.add_hparams({"lr": 1.0}, {"m": 1.0}, {"lr": [1.0, 2.0]}, "torch", 3)
        writer.add_hparams({"lr": 1.0}, {"m": 1.0}, "x", 4)
        writer.add_hparams({"lr": 1.0}, {"m": 1.0}, name="by keyword", global_step=5)
        writer.add_hparams({"lr": 1.0}, {"m": 1.0})
    assert {value.tag for value in values(tmp_path)} == {"torch", "x"}
    assert [steps(tmp_path / name, "m") for name in ("torch", "x", "by keyword")] == [[3], [4], [5]]
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 4
    tags = [value.tag for value in values(tmp_path / "torch")]
    assert tags == ["_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info", "m"]


def test_messages_of_any_library(tmp_path: Path) -> None:
    from tensorboardX.proto import event_pb2 as event_x
    from tensorboardX.proto import summary_pb2 as summary_x

    with SummaryWriter(tmp_path) as writer:
        assert writer.file_writer is not None
        for number, made in enumerate(
            [
                summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="x", simple_value=0)]),
                summary_x.Summary(value=[summary_x.Summary.Value(tag="x", simple_value=1)]),
                cupola.summary.scalar("x", 2.0),
                torch.utils.tensorboard.summary.scalar("x", 3.0),
                cupola.summary.scalar("x", 4.0).SerializeToString(),
            ]
        ):
            writer._get_file_writer().add_summary(made, number)
        for number, event in enumerate([event_pb2.Event(), event_x.Event()], 5):
            value = event.summary.value.add()
            value.tag, value.simple_value = "x", number
            writer.file_writer.add_event(event, number, 12.0)
            assert event.step == number and event.wall_time == 12.0
        with pytest.raises(WrongType, match="SerializeToString"):
            writer.file_writer.add_summary("text")  # type: ignore[arg-type]
        for exp in torch.utils.tensorboard.summary.hparams({"lr": 1.0}, {"m": 1}):
            writer.file_writer.add_summary(exp)
    assert scalars(tmp_path)["x"] == [(number, float(number)) for number in range(7)]
    assert "_hparams_/experiment" in {value.tag for value in values(tmp_path)}
