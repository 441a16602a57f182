"""Recording a model: every input exists, every output is reached, shapes and parameters are right, and the
model is as it was.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from typing import Any

import pytest
import torch
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.event_pb2 import TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.graph import graph_util
from tests.support.graph_models import VGG16, ConvNet, DataDependent, Named, edge_cases, seven
from torch import nn

from cupola.plugins.graphs import encode
from cupola.plugins.graphs.recorder import passes

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")


def parsed(model: Any, given: Any = None, **options: Any) -> GraphDef:
    graph, metadata = encode.graph(model, given, **options)
    RunMetadata.FromString(TaggedRunMetadata.FromString(metadata).run_metadata)
    return GraphDef.FromString(graph)


def assert_sound(graph: GraphDef) -> None:
    """Names differ, every input is an output of a node, and data flows from an input to every output."""
    names = Counter(node.name for node in graph.node)
    assert not [name for name, count in names.items() if count > 1]
    nodes = {node.name: node for node in graph.node}
    for node in graph.node:
        for source in node.input:
            name, _, port = source.partition(":")
            assert name in nodes, (node.name, source)
            assert int(port or 0) < len(nodes[name].attr["_output_shapes"].list.shape)
    reached = {name for name in nodes if name.startswith("input/")}
    for node in graph.node:
        if any(source.partition(":")[0] in reached for source in node.input):
            reached.add(node.name)
    outputs = [name for name in nodes if name.startswith("output/")]
    assert outputs
    assert [name for name in outputs if name not in reached] == []


def parameters(graph: GraphDef) -> int:
    count = 0
    for node in graph.node:
        if node.op == "Parameter":
            (shape,) = node.attr["_output_shapes"].list.shape
            count += torch.Size(dim.size for dim in shape.dim).numel()
    return count


def has_uninitialized_parameters(model: nn.Module) -> bool:
    return any(map(nn.parameter.is_lazy, model.parameters()))


def true_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("name", seven())
def test_seven_models_record_whole_and_without_a_warning(name: str) -> None:
    model, given = seven()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph = parsed(model, given)
    assert_sound(graph)
    assert parameters(graph) == true_count(model)
    for node in graph.node:
        assert node.attr["dtype"].type, node.name
        assert node.attr["_output_shapes"].list.shape, node.name


@pytest.mark.parametrize("name", edge_cases())
def test_what_breaks_tracers_is_recorded(name: str) -> None:
    model = edge_cases()[name]
    graph = parsed(model, torch.rand(2, 4))
    assert_sound(graph)
    if name == "lazy":
        assert has_uninitialized_parameters(model)  # as before
        model(torch.rand(2, 4))
    if name != "scripted":  # its parameters belong to no Python module
        assert parameters(graph) == true_count(model)


def test_vgg16_is_quick_and_copies_no_weights() -> None:
    model, given = VGG16(), torch.rand(1, 3, 224, 224)
    passes.record(nn.Linear(2, 2), torch.rand(1, 2))  # torch's own imports
    assert true_count(model) == 138_357_544
    started = time.process_time()
    graph = parsed(model, (given,))
    assert time.process_time() - started < 1.0, "the peers take 1.2 s; without compute it is 0.05 s"
    assert parameters(graph) == 138_357_544
    assert len(graph.node) == 74
    ops = [node.op.rpartition(".")[2] for node in graph.node if node.op.startswith("torch.")]
    assert ops.count("conv2d") == 13
    assert ops.count("linear") == 3


def test_the_real_pass_is_not_needed_for_vgg16(monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []
    handle = torch.nn.modules.module.register_module_forward_hook(
        lambda module, given, result: computed.append(type(result).__name__)
    )
    try:
        parsed(ConvNet(), torch.rand(1, 1, 28, 28))
    finally:
        handle.remove()
    assert set(computed) == {"FakeTensor"}


def test_names_are_the_peers(tmp_path: Any) -> None:
    graph = parsed(ConvNet(), torch.rand(1, 1, 28, 28))
    names = [node.name for node in graph.node]
    assert "ConvNet/Conv2d[conv1]/conv2d" in names
    assert "ConvNet/Conv2d[conv1]/weight" in names
    assert names[0] == "input/x"
    assert names[-1] == "output/output"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.utils.tensorboard._pytorch_graph import graph as torch_graph

        theirs, _ = torch_graph(ConvNet(), torch.rand(1, 1, 28, 28))
    scopes = {name.rpartition("/")[0] for name in names}
    their_scopes = {node.name.rpartition("/")[0] for node in theirs.node if node.op == "aten::_convolution"}
    assert their_scopes == {"ConvNet/Conv2d[conv1]", "ConvNet/Conv2d[conv2]"}
    assert their_scopes <= scopes


def test_tensorboards_graph_plugin_takes_it() -> None:
    """`combine_graph_defs` checks that names are unique, as the plugin does before it answers."""
    first, second = parsed(*seven()["lstm"]), parsed(*seven()["mlp"])
    merged = graph_util.merge_graph_defs([first, second])
    assert len(merged.node) == len(first.node) + len(second.node)


def test_every_modules_training_flag_is_restored() -> None:
    model = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(4), nn.Linear(4, 4))
    model.train()
    model[1].eval()
    before = model[1].running_mean.clone()
    parsed(model, torch.rand(2, 4))
    assert [module.training for module in model.modules()] == [True, True, False, True]
    assert torch.equal(model[1].running_mean, before)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_flags_and_hooks_are_restored_after_a_failure() -> None:
    model = nn.Sequential(nn.Dropout(), nn.Linear(4, 4))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        parsed(model, torch.rand(2, 5))
    assert model.training
    assert model[0].training
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


class Remembers(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.cache: list[Any] = []
        self.last = None
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.linear(x)
        self.cache.append(y)
        self.last = y
        self.count += 1
        return y


def test_nothing_of_the_fake_pass_stays_in_the_model() -> None:
    model = Remembers()
    parsed(model, torch.rand(2, 4))
    assert model.cache == []
    assert model.last is None
    assert model.count.item() == 0
    assert type(model.count) is torch.Tensor


def test_random_generators_are_as_before() -> None:
    class Noisy(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + torch.rand(x.shape) if x.sum() > 0 else x

    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    parsed(Noisy(), torch.ones(2))
    assert torch.equal(torch.rand(3), expected)


def test_data_dependent_flow_shows_the_path_taken_and_its_condition() -> None:
    graph = parsed(DataDependent(), torch.ones(2, 4))
    names = {node.name for node in graph.node}
    assert {"DataDependent/sum", "DataDependent/gt", "DataDependent/Linear[a]/linear"} <= names
    assert "DataDependent/Linear[b]/linear" not in names
    unused = {node.name for node in graph.node if node.attr["used"].s == b"False"}
    assert unused == {"DataDependent/Linear[b]/weight", "DataDependent/Linear[b]/bias"}


def two(x: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    return x * scale


class Two(nn.Module):
    def forward(self, x: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        return two(x, scale) if bias is None else two(x, scale) + bias


@pytest.mark.parametrize(
    ("model", "given", "inputs"),
    [
        (nn.Linear(4, 4), torch.rand(4), ["input/input"]),
        (Two(), (torch.rand(4), torch.rand(4)), ["input/x", "input/scale"]),
        (Two(), [torch.rand(4), torch.rand(4)], ["input/x", "input/scale"]),
        (Two(), {"scale": torch.rand(4), "x": torch.rand(4)}, ["input/x", "input/scale"]),
        (Two(), (torch.rand(4), torch.rand(4), torch.rand(4)), ["input/x", "input/scale", "input/bias"]),
        (Named(), {"x": torch.rand(2, 4), "y": torch.rand(2, 4)}, ["input/batch/x", "input/batch/y"]),
        (Named(), ({"x": torch.rand(2, 4), "y": torch.rand(2, 4)},), ["input/batch/x", "input/batch/y"]),
        (two, (torch.rand(4), torch.rand(4)), ["input/x", "input/scale"]),
    ],
)
def test_inputs_in_every_form(model: Any, given: Any, inputs: list[str]) -> None:
    graph = parsed(model, given)
    assert_sound(graph)
    assert sorted(node.name for node in graph.node if node.name.startswith("input/")) == sorted(inputs)


def test_a_model_without_arguments_needs_no_input() -> None:
    class Constant(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.rand(3))

        def forward(self) -> torch.Tensor:
            return self.weight * 2

    names = {node.name for node in parsed(Constant()).node}
    assert names == {"Constant/weight", "Constant/mul", "output/output"}


def test_errors_say_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"no input_to_model, but Two.forward needs x, scale"):
        parsed(Two())
    with pytest.raises(TypeError, match=r"got a int; wanted a torch.nn.Module"):
        parsed(3)


def test_a_model_that_the_recorder_cannot_follow_still_gives_its_modules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hooks alone: leaf modules, one node each."""

    def broken(*_: Any) -> Any:
        raise AssertionError("the recorder has a fault")

    monkeypatch.setattr("cupola.plugins.graphs.recorder.recording.Recording._add_call", broken)
    model, given = seven()["convnet"]
    graph = parsed(model, given)
    assert_sound(graph)
    ops = [node.op for node in graph.node if node.op not in ("Parameter", "IO Node")]
    assert ops == ["Conv2d", "Conv2d", "Linear", "Linear", "ConvNet"]
    assert parameters(graph) == true_count(model)


def test_lstm_is_one_node_with_three_outputs() -> None:
    graph = parsed(*seven()["lstm"])
    (lstm,) = (node for node in graph.node if node.op == "torch.lstm")
    shapes = [[dim.size for dim in shape.dim] for shape in lstm.attr["_output_shapes"].list.shape]
    assert shapes == [[2, 5, 16], [2, 2, 16], [2, 2, 16]]


def test_mixed_data_types_are_told_apart() -> None:
    class Top(nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return x.max(1)

    graph = parsed(Top(), torch.rand(2, 3, dtype=torch.bfloat16))
    (node,) = (node for node in graph.node if node.op == "torch.Tensor.max")
    assert node.attr["dtype"].type == 14
    assert list(node.attr["_output_types"].list.type) == [14, 9]
    assert {node.name for node in graph.node if node.name.startswith("output")} == {
        "output/values",
        "output/indices",
    }


def test_arguments_and_settings_are_kept_as_text() -> None:
    graph = parsed(*seven()["vgg16"])
    nodes = {node.name: node for node in graph.node}
    conv = nodes["VGG16/Sequential[features]/Conv2d[0]/conv2d"]
    assert b"stride=(1, 1), padding=(1, 1)" in conv.attr["attr"].s
    weight = nodes["VGG16/Sequential[features]/Conv2d[0]/weight"]
    assert weight.attr["module"].s.startswith(b"Conv2d(3, 64, kernel_size=(3, 3)")


def test_verbose_prints_the_nodes(capsys: pytest.CaptureFixture[str]) -> None:
    parsed(nn.Linear(4, 2), torch.rand(1, 4), verbose=True)
    printed = capsys.readouterr().out
    assert "Linear/linear  torch.nn.functional.linear  [1, 2]  <- input/input" in printed


def test_run_metadata_tells_the_memory_of_activations() -> None:
    _, tagged = encode.graph(*seven()["convnet"])
    message = TaggedRunMetadata.FromString(tagged)
    assert message.tag == "step1"
    (device,) = RunMetadata.FromString(message.run_metadata).step_stats.dev_stats
    assert device.device == "/device:CPU:0"
    sizes = {
        node.node_name: node.output[0].tensor_description.allocation_description.requested_bytes
        for node in device.node_stats
    }
    assert sizes["ConvNet/Conv2d[conv1]/conv2d"] == 2 * 10 * 24 * 24 * 4


def test_each_call_of_a_module_has_a_scope_and_its_parameters_one_home() -> None:
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear, self.relu = nn.Linear(4, 4), nn.ReLU()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.relu(self.linear(self.relu(x)))

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.inner(self.inner(x))

    graph = parsed(Twice(), torch.rand(1, 4))
    assert_sound(graph)
    assert [node.name for node in graph.node if node.name.startswith("Twice")] == [
        "Twice/Inner[inner]/ReLU[relu]/relu",
        "Twice/Inner[inner]/Linear[linear]/weight",
        "Twice/Inner[inner]/Linear[linear]/bias",
        "Twice/Inner[inner]/Linear[linear]/linear",
        "Twice/Inner[inner]/ReLU[relu]_1/relu",
        "Twice/Inner[inner]_1/ReLU[relu]/relu",
        "Twice/Inner[inner]_1/Linear[linear]/linear",
        "Twice/Inner[inner]_1/ReLU[relu]_1/relu",
    ]
