"""Numbers of every kind, steps, wall times and what is refused, read back by TensorBoard."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.utils.tensorboard
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.compat.proto import event_pb2
from tensorboard.util import tensor_util
from tests.support.event_files import events, scalars, steps, values

from cupola import SummaryWriter
from cupola.errors import WrongType, WrongValue

SCALARS: list[tuple[Any, float]] = [
    (1, 1.0),
    (True, 1.0),
    (0.1, 0.1),
    (np.float32(0.5), 0.5),
    (np.float16(0.5), 0.5),
    (np.int64(-3), -3.0),
    (np.bool_(True), 1.0),
    (np.array(2.5), 2.5),
    (np.array([[2.5]]), 2.5),
    ([2.5], 2.5),
    ("3.5", 3.5),
    (2**70, 2.0**70),
    (1e300, float("inf")),
    (float("inf"), float("inf")),
    (-float("inf"), -float("inf")),
    (1e-45, 1e-45),
    (16777217, 16777216.0),
    (torch.tensor(2.5), 2.5),
    (torch.tensor([2.5]), 2.5),
    (torch.tensor([[2.5]], dtype=torch.float64), 2.5),
    (torch.tensor(2.5, requires_grad=True), 2.5),
    (torch.nn.Parameter(torch.tensor(2.5)), 2.5),
    (torch.tensor(3), 3.0),
    (torch.tensor(True), 1.0),
    (torch.tensor(1e38, dtype=torch.bfloat16), 9.9692e37),
    (torch.tensor(1.5).to(torch.float8_e4m3fn), 1.5),
    (torch.tensor(1.5).to(torch.float16), 1.5),
]


def test_scalar_values(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step, (value, _) in enumerate(SCALARS):
            writer.add_scalar("x", value, step)
        writer.add_scalar("nan", float("nan"), 0)
        writer.add_scalar("nan", torch.tensor(float("nan")), 1)
    logged = scalars(tmp_path)
    for (step, seen), (value, wanted) in zip(logged["x"], SCALARS, strict=True):
        assert seen == np.float32(wanted) or abs(seen - wanted) < 1e-4 * abs(wanted), (step, value)
    assert [str(value) for _, value in logged["nan"]] == ["nan", "nan"]


class ByArray:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return np.array(4.5)


class ByDlpack:
    def __dlpack__(self, **options: Any) -> Any:
        return np.array(5.5).__dlpack__()

    def __dlpack_device__(self) -> Any:
        return np.array(5.5).__dlpack_device__()


def test_scalars_of_libraries_that_are_not_known(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", ByArray(), 0)
        writer.add_scalar("x", ByDlpack(), 1)
    assert scalars(tmp_path)["x"] == [(0, 4.5), (1, 5.5)]


STEPS: list[tuple[Any, int]] = [
    (None, 0),
    (7, 7),
    (-7, -7),
    (True, 1),
    (2.9, 2),
    ("7", 7),
    (np.int32(7), 7),
    (np.array(7), 7),
    (torch.tensor(7), 7),
    (2**63 - 1, 2**63 - 1),
    (-(2**63), -(2**63)),
]


def test_steps_and_wall_times(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step, _ in STEPS:
            writer.add_scalar("x", 1.0, step)
            writer.add_text("t", "text", step)
        writer.add_scalar("w", 1, 0, 12.5)
        writer.add_scalar("w", 1, 0, np.float64(12.5))
        writer.add_scalar("w", 1, 0, 12)
        writer.add_scalar("w", 1, 0, walltime=torch.tensor(12.5))
        writer.add_text("w", "x", 0, 12.5)
        before = time.time()
        writer.add_scalar("now", 1)
    assert steps(tmp_path, "x") == [step for _, step in STEPS]
    by_tag: dict[str, list[event_pb2.Event]] = {}
    for event in events(tmp_path)[1:]:
        by_tag.setdefault(event.summary.value[0].tag, []).append(event)
    assert [event.step for event in by_tag["t/text_summary"]] == [step for _, step in STEPS]
    assert [event.wall_time for event in by_tag["w"] + by_tag["w/text_summary"]] == [
        12.5,
        12.5,
        12.0,
        12.5,
        12.5,
    ]
    assert before - 0.01 <= by_tag["now"][0].wall_time <= time.time()


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"tag": 3}, TypeError, "tag is of type int"),
    ({"tag": None}, TypeError, "tag is None"),
    ({"tag": b"x"}, TypeError, "tag is of type bytes"),
    ({"scalar_value": "abc"}, TypeError, "scalar_value is the string 'abc'"),
    ({"scalar_value": None}, TypeError, "scalar_value is None"),
    ({"scalar_value": {}}, TypeError, "scalar_value is of type dict"),
    ({"scalar_value": object()}, TypeError, "scalar_value is of type object"),
    ({"scalar_value": 1 + 2j}, TypeError, "scalar_value is complex"),
    ({"scalar_value": [1, 2]}, ValueError, r"scalar_value has shape \(2,\)"),
    ({"scalar_value": np.zeros(0)}, ValueError, r"scalar_value has shape \(0,\)"),
    ({"scalar_value": torch.zeros(3)}, ValueError, r"scalar_value has shape \(3,\)"),
    ({"scalar_value": torch.tensor(1 + 2j)}, TypeError, "scalar_value is complex"),
    ({"scalar_value": torch.zeros(2).to_sparse()}, TypeError, "sparse"),
    ({"scalar_value": torch.zeros((), device="meta")}, TypeError, "meta device"),
    ({"global_step": "abc"}, TypeError, "global_step is 'abc'"),
    ({"global_step": []}, TypeError, "global_step is"),
    ({"global_step": 2**63}, ValueError, "global_step is 9.2"),
    ({"global_step": float("nan")}, TypeError, "global_step is nan"),
    ({"global_step": float("inf")}, ValueError, "global_step is inf"),
    ({"walltime": "abc"}, TypeError, "walltime is 'abc'"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), WRONG)
def test_wrong_arguments_raise_at_once(
    tmp_path: Path, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    right: dict[str, Any] = {"tag": "x", "scalar_value": 1.0, "global_step": 1}
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(error, match=message):
            writer.add_scalar(**right | arguments)
        if "tag" not in arguments and "scalar_value" not in arguments:
            with pytest.raises(error, match=message):
                writer.add_text("t", "x", **arguments)
    assert values(tmp_path) == []


def test_wrong_groups_raise_at_once(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(WrongType, match="tag is of type int"):
            writer.add_scalars(3, {"a": 1})  # type: ignore[arg-type]
        with pytest.raises(WrongType, match="tag_scalar_dict is of type list"):
            writer.add_scalars("g", [1])  # type: ignore[arg-type]
        with pytest.raises(WrongType, match="key 3 of type int"):
            writer.add_scalars("g", {3: 1})  # type: ignore[dict-item]
        with pytest.raises(WrongValue, match="shape"):
            writer.add_scalars("g", {"a": [1, 2]})


def test_forms_of_scalars(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("new", 0.1, 1, None, True)
        writer.add_scalar("double", 0.1, 1, None, True, True)
        writer.add_scalar("double only", 0.1, 1, double_precision=True)
        writer.add_scalar("named", 0.1, 1, None, "display", "description")
        writer.add_scalar(
            "named by keyword", 0.1, 1, display_name="display", summary_description="description"
        )
    seen = {value.tag: value for value in values(tmp_path)}
    assert list(seen["new"].tensor.float_val) == [np.float32(0.1)]
    assert list(seen["double"].tensor.double_val) == [0.1] == list(seen["double only"].tensor.double_val)
    assert seen["double"].metadata.plugin_data.plugin_name == "scalars"
    for tag in ("named", "named by keyword"):
        assert seen[tag].simple_value == np.float32(0.1)
        assert seen[tag].metadata.display_name == "display"
        assert seen[tag].metadata.summary_description == "description"
    multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRun(str(tmp_path), "r").Reload()
    assert multiplexer.SummaryMetadata("r", "named").display_name == "display"
    assert {
        tag: [float(tensor_util.make_ndarray(p.tensor_proto)) for p in multiplexer.Tensors("r", tag)]
        for tag in seen
    } == {
        "new": [float(np.float32(0.1))],
        "double": [0.1],
        "double only": [0.1],
        "named": [float(np.float32(0.1))],
        "named by keyword": [float(np.float32(0.1))],
    }


def test_add_scalars_and_export(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path / "run")
    writer.add_scalars("a/b", {"x": 0.1, "y/z": torch.tensor(2.0)}, 5, walltime=12.0)
    writer.add_scalars("a/b", {"x": np.float64(0.2)}, None, walltime=13.0)
    writer.close()
    writer.add_scalars("a/b", {"x": 3}, 7, walltime=14.0)
    run = tmp_path / "run"
    wanted = {
        f"{run}/a_b_x": [[12.0, 5, 0.1], [13.0, 0, 0.2], [14.0, 7, 3.0]],
        f"{run}/a_b_y/z": [[12.0, 5, 2.0]],
    }
    assert writer.scalar_dict == wanted
    writer.export_scalars_to_json(tmp_path / "all.json")
    assert json.loads((tmp_path / "all.json").read_text()) == wanted
    assert writer.scalar_dict == {}
    writer.close()
    assert scalars(run / "a_b_x") == {"a/b": [(5, np.float32(0.1)), (0, np.float32(0.2)), (7, 3.0)]}
    assert scalars(run / "a_b_y" / "z") == {"a/b": [(5, 2.0)]}
