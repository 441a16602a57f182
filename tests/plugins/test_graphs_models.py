"""What can be recorded besides modules: methods, partials, lambdas, objects, exported and kept graphs; what
binds where the signature leaves it open; and what an error tells.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import warnings
from typing import Any

import pytest
import torch
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tests.plugins.test_graphs_record import assert_sound, parameters, parsed, true_count
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")


def names(graph: GraphDef) -> set[str]:
    return {node.name for node in graph.node}


class Autoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.Dropout())
        self.decoder = nn.Linear(4, 6)
        self.register_buffer("calls", torch.zeros(()))

    def encode(self, x: Tensor, flag: bool = False) -> Tensor:
        self.calls += 1
        made = self.encoder(x)
        return made * 2 if flag else made

    def forward(self, x: Tensor, *, flag: bool = False) -> Tensor:
        return self.decoder(self.encode(x, flag))


class Pipeline:
    def __init__(self, model: nn.Module) -> None:
        self.stages = {"first": model, "second": [nn.Linear(6, 2)]}

    def __call__(self, x: Tensor) -> Tensor:
        (last,) = self.stages["second"]
        return last(self.stages["first"](x))


class Slotted:
    __slots__ = ("model",)

    def __init__(self, model: nn.Module) -> None:
        self.model = model

    def __call__(self, x: Tensor) -> Tensor:
        return self.model(x)


def applied(model: Any, x: Tensor) -> Tensor:
    return model(x)


MODEL = Autoencoder()


def of_a_global(x: Tensor) -> Tensor:
    return MODEL(x)


def callables(model: Any) -> dict[str, tuple[Any, str]]:
    """Each with the scope of the encoder's first layer."""
    own = "Autoencoder/Sequential[encoder]/Linear[0]"
    return {
        "model": (model, own),
        "bound_method": (model.encode, own),
        "partial": (functools.partial(model, flag=True), own),
        "partial_of_a_method": (functools.partial(model.encode, flag=True), own),
        "partial_of_a_partial": (functools.partial(functools.partial(model), flag=True), own),
        "lambda": (
            lambda x: model(x, flag=True),
            "function/Autoencoder[model]/Sequential[encoder]/Linear[0]",
        ),
        "partial_of_a_function": (
            functools.partial(applied, model),
            "applied/Autoencoder[0]/Sequential[encoder]/Linear[0]",
        ),
        "decorated": (
            functools.wraps(of_a_global)(lambda *args: model(*args)),
            "of_a_global/Autoencoder[model]/Sequential[encoder]/Linear[0]",
        ),
        "object": (
            Pipeline(model),
            "Pipeline/Autoencoder[stages.first]/Sequential[encoder]/Linear[0]",
        ),
        "method_of_an_object": (
            Pipeline(model).__call__,
            "Pipeline/Autoencoder[stages.first]/Sequential[encoder]/Linear[0]",
        ),
        "slots": (Slotted(model), "Slotted/Autoencoder[model]/Sequential[encoder]/Linear[0]"),
        "compiled": (torch.compile(model, backend="eager"), own),
        "compiled_method": (torch.compile(model.encode, backend="eager"), own),
        "compiled_function": (
            torch.compile(lambda x: model(x), backend="eager"),
            "function/Autoencoder[model]/Sequential[encoder]/Linear[0]",
        ),
        "no_grad": (
            torch.no_grad()(lambda x: model(x)),
            "function/Autoencoder[model]/Sequential[encoder]/Linear[0]",
        ),
        "data_parallel": (nn.DataParallel(model), own),
        "averaged": (
            torch.optim.swa_utils.AveragedModel(model),
            "AveragedModel/Autoencoder[module]/Sequential[encoder]/Linear[0]",
        ),
    }


@pytest.mark.parametrize("name", callables(Autoencoder()))
def test_modules_have_their_scopes_and_keep_their_state(name: str) -> None:
    model = Autoencoder()
    model.decoder.eval()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    called, scope = callables(model)[name]
    graph = parsed(called, torch.rand(3, 6))
    assert_sound(graph)
    assert {f"{scope}/linear", f"{scope}/weight", "input/x"} <= names(graph)
    assert ("Autoencoder/mul" in names(graph)) == ("partial" in name and "function" not in name)
    assert parameters(graph) >= true_count(model)
    assert [module.training for module in model.modules()] == [True] * 5 + [False]
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_a_global_model_is_found() -> None:
    graph = parsed(of_a_global, torch.rand(3, 6))
    assert "of_a_global/Autoencoder[MODEL]/Linear[decoder]/linear" in names(graph)
    assert MODEL.calls == 0


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Sequential(nn.Linear(4, 4), nn.ReLU()), nn.Linear(4, 2)

    def forward(self, x: Tensor, scale: float = 1.0) -> dict[str, Tensor]:
        return {"logits": self.head(self.body(x)) * scale}


ROWS = torch.rand(2, 4)


@pytest.mark.parametrize("given", [None, (), [], ROWS, (ROWS,), {"x": ROWS}])
def test_exported_programs_know_their_input_and_their_modules(given: Any) -> None:
    program = torch.export.export(Classifier(), (torch.rand(2, 4),))
    graph = parsed(program, given)
    assert_sound(graph)
    assert {
        "input/x",
        "Classifier/Sequential[body]/Linear[0]/linear",
        "Classifier/Linear[head]/weight",
        "output/logits",
    } <= names(graph)
    assert parameters(graph) == 30


@pytest.mark.parametrize("given", [None, torch.rand(2, 4)])
def test_exported_modules_know_their_input(given: Any) -> None:
    graph = parsed(torch.export.export(Classifier(), (torch.rand(2, 4),)).module(), given)
    assert_sound(graph)
    assert parameters(graph) == 30
    (entry,) = (node for node in graph.node if node.name.startswith("input/"))
    assert [dim.size for dim in entry.attr["_output_shapes"].list.shape[0].dim] == [2, 4]


@pytest.mark.parametrize("given", [None, (), []])
@pytest.mark.parametrize("kind", ["traced", "scripted"])
def test_scripted_and_traced_modules_need_no_input(kind: str, given: Any) -> None:
    layers = nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = torch.jit.trace(layers, torch.rand(2, 4)) if kind == "traced" else torch.jit.script(layers)
    graph = parsed(module, given)
    if kind == "traced":
        assert_sound(graph)
    assert "Sequential/Linear[0]/linear" in names(graph)
    assert parameters(graph) == 20


class Listed(nn.Module):
    """Takes a list of tensors, and does not say so."""

    def forward(self, images: Any, targets: Any = None) -> Tensor:
        return torch.stack([image[:, 0].mean() for image in images]).sum()


class Looks(nn.Module):
    """Takes a list of tensors, does not say so, and looks at their values."""

    calls = 0

    def forward(self, images: Any, targets: Any = None) -> Tensor:
        type(self).calls += 1
        if not isinstance(images, list):
            raise TypeError(images)
        return torch.stack([image.mean() for image in images if image.sum() > -1e9]).sum()


@dataclasses.dataclass
class Batch:
    tokens: Tensor
    mask: Tensor


class Tokens(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(9, 4)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        made = self.embedding(input_ids)
        return made if attention_mask is None else made * attention_mask[..., None]


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 3)

    def forward(self, packed: Any, state: Any = None) -> Tensor:
        return self.lstm(packed, state)[0].data


IDS, MASK = torch.randint(0, 9, (2, 3)), torch.ones(2, 3)
PACKED = pack_padded_sequence(torch.rand(3, 2, 4), torch.tensor([3, 2]))
STATE = (torch.zeros(1, 2, 3), torch.zeros(1, 2, 3))


@pytest.mark.parametrize(
    ("model", "given", "inputs"),
    [
        (Tokens(), collections.UserDict(input_ids=IDS, attention_mask=MASK), {"input_ids", "attention_mask"}),
        (Tokens(), (IDS, {"attention_mask": MASK}), {"input_ids", "attention_mask"}),
        (Tokens(), (IDS, None), {"input_ids"}),
        (Tokens(), ((IDS, MASK), {}), {"input_ids", "attention_mask"}),
        (Listed(), [torch.rand(3, 4), torch.rand(3, 5)], {"images/0", "images/1"}),
        (Listed(), ([torch.rand(4, 4)], [{"boxes": torch.rand(2, 4)}]), {"images/0", "targets/0/boxes"}),
        (Looks(), [torch.rand(3, 4), torch.rand(3, 5)], {"images/0", "images/1"}),
        (Recurrent(), PACKED, {"packed/data", "packed/batch_sizes"}),
        (Recurrent(), (PACKED, STATE), {"packed/data", "packed/batch_sizes", "state/0", "state/1"}),
        (lambda batch: batch.tokens * batch.mask, Batch(IDS, MASK), {"batch/tokens", "batch/mask"}),
        (lambda tokens, mask: tokens * mask, Batch(IDS, MASK), {"tokens", "mask"}),
        (lambda nested: nested[0]["a"][0] + 1, ([{"a": (IDS, "text", None, 3)}],), {"nested/0/a/0"}),
    ],
)
def test_inputs_of_every_kind(model: Any, given: Any, inputs: set[str]) -> None:
    graph = parsed(model, given)
    assert_sound(graph)
    assert {name.removeprefix("input/") for name in names(graph) if name.startswith("input/")} == inputs


class Counts(nn.Module):
    calls = 0

    def forward(self, images: Any, targets: Any = None) -> Tensor:
        COUNTED.append(type(images.sum()).__name__)
        if images.sum() > 0:
            raise ValueError("never these")
        return images


COUNTED: list[str] = []


def test_forward_runs_for_real_at_most_once_however_it_may_be_called() -> None:
    real: list[str] = []
    model = Counts()
    handle = model.register_forward_pre_hook(lambda module, given: real.append(type(given[0]).__name__))
    with pytest.raises(ValueError, match="never these"):
        parsed(model, [torch.ones(2), torch.ones(2)])
    handle.remove()
    assert real.count("Tensor") <= 1


def wrong() -> nn.Module:
    model = nn.Sequential()
    model.add_module("body", nn.Sequential(nn.Linear(4, 3), nn.ReLU()))
    model.add_module("head", nn.Linear(4, 2))
    return model


def told(error: BaseException) -> str:
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def test_an_error_names_the_module_and_what_it_was_given() -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied") as caught:
        parsed(wrong(), torch.ones(2, 4))
    words = told(caught.value)
    assert "called the model with input float32[2, 4]" in words
    assert (
        "raised in head (Linear(in_features=4, out_features=2, bias=True)), called with float32[2, 3]"
        in words
    )
    assert words.count("add_graph") == 1


def test_an_error_of_a_nested_module_names_its_path() -> None:
    model = nn.ModuleDict({"a": nn.Sequential(wrong())})
    with pytest.raises(RuntimeError) as caught:
        parsed(lambda x, scale: model["a"](x) * scale, (torch.ones(2, 4), 0.5))
    assert "with x float32[2, 4], scale 0.5; it was raised in model.a.0.head (Linear" in told(caught.value)


def test_the_models_own_error_has_its_own_type() -> None:
    class Refuses(nn.Module):
        def forward(self, x: Tensor, mode: str) -> Tensor:
            raise KeyError(mode)

    with pytest.raises(KeyError) as caught:
        parsed(Refuses(), (torch.ones(2), "left"))
    assert caught.value.args == ("left",)
    assert "with x float32[2], mode 'left'" in told(caught.value)


def test_too_many_inputs_are_refused_as_the_model_refuses_them() -> None:
    with pytest.raises(TypeError, match=r"must be Tensor, not tuple"):
        parsed(nn.Linear(4, 4), (torch.ones(4), torch.ones(4), torch.ones(4)))
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'y'"):
        parsed(lambda x, y: x + y, torch.ones(4))
