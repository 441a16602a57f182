"""Everything else that SummaryWriter logs, read back by TensorBoard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.utils.tensorboard
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.util import tensor_util
from tests.support.event_files import events, files, load, scalars, steps, values

from cupola import SummaryWriter
from cupola.values.deferred import Deferred


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


def test_tags_are_kept(tmp_path: Path) -> None:
    tags = ["a b", "ü/漢字", "../x", "<script>", "x" * 100_000, "", "\N{NUL}", "__proto__", "a\ud800b"]
    with SummaryWriter(tmp_path) as writer:
        for tag in tags:
            writer.add_scalar(tag, 1.0, 0)
            writer.add_scalar(tag, np.float32(1), 1)
            writer.add_histogram(tag, [1.0], 0)
    logged = scalars(tmp_path)
    assert {tag.encode("utf-8", "replace").decode() for tag in tags} == set(logged)


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
