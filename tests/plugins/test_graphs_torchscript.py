"""The graph that scripted and traced modules keep: sound, whole, and with the scopes of torch's writer."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from tests.support.graph_models import ConvNet, Recurrent
from torch import Tensor, nn
from torch.nn import functional as F

from cupola.plugins.graphs.graph_def import Node
from cupola.plugins.graphs.recorder import torchscript

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
        self.unused = nn.Linear(2, 2)

    def forward(self, x: Tensor, n: int = 3) -> tuple[Tensor, dict[str, Tensor]]:
        x = self.inner(self.inner(x)) if bool(x.sum() > 0) else F.relu(x) - 1
        for step in range(n):
            x = x * step
        return x, {"greatest": x.max(0)[0], "twice": self.twice(x)}

    @torch.jit.export
    def twice(self, x: Tensor) -> Tensor:
        return x * 2


def traced(model: nn.Module, given: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(model, given)


def kept() -> dict[str, Any]:
    return {
        "traced": traced(ConvNet(), torch.rand(2, 1, 28, 28)),
        "traced_lstm": traced(Recurrent(), torch.rand(2, 5, 8)),
        "scripted": torch.jit.script(ConvNet()),
        "scripted_lstm": torch.jit.script(Recurrent()),
        "scripted_branches": torch.jit.script(Branches()),
        "frozen": torch.jit.freeze(torch.jit.script(nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval())),
        "scripted_inside_traced": traced(
            nn.Sequential(nn.Linear(4, 4), torch.jit.script(nn.Sequential(nn.Linear(4, 4)))), torch.rand(1, 4)
        ),
    }


@pytest.mark.parametrize("name", kept())
def test_the_graph_is_sound_and_whole(name: str) -> None:
    module = kept()[name]
    nodes = torchscript.nodes(module)
    assert len({node.name for node in nodes}) == len(nodes)
    outputs = {node.name: len(node.shapes) for node in nodes}
    assert {source.partition(":")[0] for node in nodes for source in node.inputs} <= outputs.keys()
    reached = {node.name for node in nodes if node.name.startswith("input/")}
    for node in nodes:
        if reached.intersection(source.partition(":")[0] for source in node.inputs):
            reached.add(node.name)
    made = [name for name in outputs if name.startswith("output/")]
    assert made and set(made) <= reached
    counted = sum(torch.Size(node.shapes[0]).numel() for node in nodes if node.op == "Parameter")
    assert counted == sum(parameter.numel() for parameter in module.parameters())


def by_name(module: Any) -> dict[str, Node]:
    return {node.name: node for node in torchscript.nodes(module)}


def test_a_traced_module_knows_its_shapes() -> None:
    nodes = by_name(traced(ConvNet(), torch.rand(2, 1, 28, 28)))
    assert nodes["input/x"].shapes == [(2, 1, 28, 28)]
    assert nodes["ConvNet/Conv2d[conv1]/convolution"].shapes == [(2, 10, 24, 24)]
    assert nodes["ConvNet/Conv2d[conv1]/convolution"].dtypes == ["float32"]
    assert "stride=[1, 1]" in nodes["ConvNet/Conv2d[conv1]/convolution"].attributes["attr"]
    assert nodes["ConvNet/Conv2d[conv1]/weight"].shapes == [(10, 1, 5, 5)]


def test_scopes_are_those_of_torchs_writer() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.utils.tensorboard._pytorch_graph import graph as torch_graph

        theirs, _ = torch_graph(traced(ConvNet(), torch.rand(1, 1, 28, 28)), torch.rand(1, 1, 28, 28))
    scopes = {node.name.rpartition("/")[0] for node in theirs.node if node.op == "aten::_convolution"}
    for module in (traced(ConvNet(), torch.rand(1, 1, 28, 28)), torch.jit.script(ConvNet())):
        assert scopes == {
            name.rpartition("/")[0] for name, node in by_name(module).items() if "conv" in node.op.lower()
        }


def test_both_branches_are_there_and_a_loops_body_once() -> None:
    nodes = by_name(torch.jit.script(Branches()))
    assert {"Branches/sum", "Branches/gt", "Branches/sub", "Branches/mul"} <= nodes.keys()
    assert nodes["Branches/Sequential[inner]_1/Linear[0]/linear"].inputs[0] == (
        "Branches/Sequential[inner]/ReLU[1]/relu"
    )
    assert set(nodes["Branches/mul"].inputs) == {
        "Branches/Sequential[inner]_1/ReLU[1]/relu",
        "Branches/sub",
    }
    assert nodes["Branches/Linear[unused]/weight"].attributes["used"] == "False"
    assert {"output/0", "output/1/greatest", "output/1/twice"} <= nodes.keys()


def test_an_lstm_reads_its_weights() -> None:
    (lstm,) = (node for node in torchscript.nodes(torch.jit.script(Recurrent())) if node.op == "aten::lstm")
    assert {"Recurrent/LSTM[lstm]/weight_ih_l0", "Recurrent/LSTM[lstm]/bias_hh_l1"} <= set(lstm.inputs)
