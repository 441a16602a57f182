"""Everything that SummaryWriter logs, read back by TensorBoard."""

from __future__ import annotations

import inspect
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX
import torch
import torch.utils.tensorboard
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.util import tensor_util
from tests.support.event_files import files, read_file, scalars, steps

import cupola
from cupola import SummaryWriter
from cupola.errors import WrongType, WrongValue
from cupola.values.deferred import Deferred


def load(directory: Path) -> EventAccumulator:
    loaded = EventAccumulator(
        str(directory), size_guidance={"scalars": 0, "histograms": 0, "images": 0, "tensors": 0}
    )
    loaded.Reload()
    return loaded


def events(directory: Path) -> list[event_pb2.Event]:
    return [event for path in files(directory) for event in read_file(path).events]


def values(directory: Path) -> list[summary_pb2.Summary.Value]:
    return [value for event in events(directory) for value in event.summary.value]


def test_first_event(tmp_path: Path) -> None:
    SummaryWriter(tmp_path)
    [path] = files(tmp_path)
    [first] = read_file(path).events
    assert first.file_version == "brain.Event:2"
    assert first.source_metadata.writer == "cupola"
    assert abs(first.wall_time - time.time()) < 10
    stem, seconds, *_ = path.name.removeprefix("events.out.").split(".")
    assert stem == "tfevents" and len(seconds) == 10


def test_the_tutorials_hundred_writers(tmp_path: Path) -> None:
    """A writer opened anew in each of 100 epochs: nothing overwritten, steps in order for TensorBoard."""
    for epoch in range(100):
        x, y = torch.FloatTensor([epoch]), torch.FloatTensor([epoch * 2.0])
        with SummaryWriter(log_dir=str(tmp_path), comment="train") as writer:
            writer.add_histogram("his/x", x, epoch)
            writer.add_scalar("data/x", x, epoch)
            writer.add_scalar("data/loss", float(y), epoch)
            writer.add_scalars("data/data_group", {"x": x, "y": y, "loss": 1.0}, epoch)
    loaded = load(tmp_path)
    assert [(p.step, p.value) for p in loaded.Scalars("data/x")] == [(i, float(i)) for i in range(100)]
    assert [p.step for p in loaded.Histograms("his/x")] == list(range(100))
    for key in ("x", "y", "loss"):
        assert [p.step for p in load(tmp_path / f"data_data_group_{key}").Scalars("data/data_group")] == list(
            range(100)
        )
    assert len(files(tmp_path)) == 100


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


def test_a_value_is_that_of_the_call(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        tensor, array = torch.zeros(1), np.zeros(1000)
        for step in range(100):
            tensor.fill_(step)
            array.fill(step)
            writer.add_scalar("x", tensor, step)
            writer.add_histogram("h", array, step)
            writer.add_tensor("t", array, step)
            array.fill(-1)
            tensor.fill_(-1)
    assert scalars(tmp_path)["x"] == [(i, float(i)) for i in range(100)]
    seen = values(tmp_path)
    assert [value.histo.min for value in seen if value.tag == "h"] == list(range(100))
    assert [tensor_util.make_ndarray(v.tensor).max() for v in seen if v.tag == "t"] == list(range(100))


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
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(error, match=message):
            writer.add_scalar(**{"tag": "x", "scalar_value": 1.0, "global_step": 1} | arguments)
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


def test_tags_are_kept(tmp_path: Path) -> None:
    tags = ["a b", "ü/漢字", "../x", "<script>", "x" * 100_000, "", "\N{NUL}", "__proto__", "a\ud800b"]
    with SummaryWriter(tmp_path) as writer:
        for tag in tags:
            writer.add_scalar(tag, 1.0, 0)
            writer.add_scalar(tag, np.float32(1), 1)
            writer.add_histogram(tag, [1.0], 0)
    logged = scalars(tmp_path)
    assert {tag.encode("utf-8", "replace").decode() for tag in tags} == set(logged)


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


def test_purge_step_is_written_once(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(10):
            writer.add_scalar("x", step, step)
    resumed = SummaryWriter(tmp_path, purge_step=5)
    for step in range(5, 8):
        resumed.add_scalar("x", step + 100, step)
    resumed.close()
    resumed.add_scalar("x", 108, 8)
    resumed.close()
    starts = [event for event in events(tmp_path) if event.HasField("session_log")]
    assert [(event.step, event.session_log.status) for event in starts] == [(5, event_pb2.SessionLog.START)]
    assert [p.step for p in load(tmp_path).Scalars("x")] == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_use_metadata(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with writer.use_metadata(global_step=17, walltime=13.0):
            writer.add_scalar("x", 0.1)
            writer.add_scalar("x", 0.1, global_step=7)
            writer.add_scalar("x", 0.1, walltime=18.0)
            writer.add_text("t", "x")
            writer.add_scalars("g", {"a": 1})
        writer.add_scalar("x", 0.1)
    seen = [
        (event.step, event.wall_time)
        for event in events(tmp_path)
        if event.summary.value and event.summary.value[0].tag == "x"
    ]
    assert seen[:3] == [(17, 13.0), (7, 13.0), (17, 18.0)]
    assert seen[3][0] == 0 and seen[3][1] > 1e9
    assert [(e.step, e.wall_time) for e in events(tmp_path / "g_a")[1:]] == [(17, 13.0)]
    assert (17, 13.0) in [
        (e.step, e.wall_time)
        for e in events(tmp_path)
        if e.summary.value and "text" in e.summary.value[0].tag
    ]


def test_close_and_go_on(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 0, 0)
        assert writer.file_writer is writer._get_file_writer()
        assert writer.all_writers == {str(tmp_path): writer.file_writer}
    assert writer.file_writer is None and writer.all_writers is None
    writer.close()
    writer.flush()
    writer.add_scalar("x", 1, 1)
    writer.add_histogram("h", [1.0], 1)
    assert writer.file_writer is not None
    writer.close()
    bound = writer.add_scalar
    bound("x", 2, 2)
    writer.close()
    assert steps(tmp_path, "x") == [0, 1, 2]
    assert len(files(tmp_path)) == 3


def test_flush_covers_everything_before_it(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(20):
        writer.add_scalar("x", step, step)
        writer.add_histogram("h", np.random.default_rng(0).normal(size=10000), step)
        writer.add_scalars("g", {"a": 1.0}, step)
        writer.flush()
        assert steps(tmp_path, "x") == list(range(step + 1))
        assert sum(value.tag == "h" for value in values(tmp_path)) == step + 1
        assert len(steps(tmp_path / "g_a", "g")) == step + 1
    writer.close()


def test_write_to_disk_false(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "none", write_to_disk=False) as writer:
        writer.add_scalar("x", 1, 1)
        writer.add_scalars("g", {"a": 1}, 1)
        writer.add_histogram("h", [1.0], 1)
        writer.add_embedding(np.zeros((2, 2)))
        writer.add_hparams({"a": 1}, {"b": 2})
        writer.file_writer.add_summary(cupola.summary.scalar("x", 1.0), 1)
        with pytest.raises(WrongType):
            writer.add_scalar("x", None)
    assert not (tmp_path / "none").exists()


def test_default_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    SummaryWriter(comment="_lr=1").close()
    [run] = (tmp_path / "runs").iterdir()
    assert run.name.endswith("_lr=1") and len(files(run)) == 1
    with SummaryWriter("run", "ignored") as writer:
        assert writer.log_dir == writer.logdir == writer.get_logdir() == "run"


def test_directory_by_every_name(tmp_path: Path) -> None:
    for number, made in enumerate(
        [
            lambda d: SummaryWriter(d),
            lambda d: SummaryWriter(log_dir=d),
            lambda d: SummaryWriter(logdir=str(d)),
        ]
    ):
        made(tmp_path / str(number)).close()
        assert len(files(tmp_path / str(number))) == 1
    with SummaryWriter(tmp_path / "a", logdir=tmp_path / "b") as writer:
        assert writer.log_dir == tmp_path / "b"
    with pytest.raises(TypeError):
        SummaryWriter(tmp_path, unknown=1)  # type: ignore[call-arg]


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


OPENVINO = """<net name="m" version="11"><layers>
<layer id="0" name="x" type="Parameter"><data shape="1,3" element_type="f32"/>
<output><port id="0" precision="FP32"><dim>1</dim><dim>3</dim></port></output></layer>
<layer id="1" name="a/relu" type="ReLU">
<output><port id="1" precision="FP32"><dim>1</dim></port></output></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges></net>"""


def test_openvino_graph(tmp_path: Path) -> None:
    (tmp_path / "model.xml").write_text(OPENVINO)
    (tmp_path / "other.xml").write_text("<a/>")
    with SummaryWriter(tmp_path) as writer:
        writer.add_openvino_graph(tmp_path / "model.xml")
        with pytest.raises(ValueError, match="no layers"):
            writer.add_openvino_graph(tmp_path / "other.xml")
    [graph] = [GraphDef.FromString(event.graph_def) for event in events(tmp_path) if event.graph_def]
    assert [(node.name, node.op, list(node.input)) for node in graph.node] == [
        ("x", "Parameter", []),
        ("a/relu", "ReLU", ["x"]),
    ]


def test_default_bins(tmp_path: Path) -> None:
    peer = torch.utils.tensorboard.SummaryWriter(tmp_path / "peer")
    with SummaryWriter(tmp_path) as writer:
        assert writer.default_bins == peer.default_bins and len(writer.default_bins) == 1549
        writer.add_histogram("h", [0.5, 1.5], 0)
        writer.default_bins = [0.0, 1.0, 2.0]
        writer.add_histogram("h", [0.5, 1.5], 1)
        writer.add_histogram("h", [0.5, 1.5], 2, writer.default_bins)
    peer.close()
    seen = [list(value.histo.bucket_limit) for value in values(tmp_path)]
    assert len(seen[0]) > 10 and seen[1] == seen[2] and len(seen[1]) <= 3


def test_a_room_that_fails_later_is_warned_of_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SummaryWriter(tmp_path) as writer:

        def broken() -> list[bytes]:
            raise RuntimeError("no such thing")

        for step in range(3):
            writer._log(Deferred("bad", 0, broken), step)
        writer.add_scalar("x", 1, 1)
    assert steps(tmp_path, "x") == [1]
    assert len([r for r in caplog.records if "'bad' could not be logged" in r.message]) == 1


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
