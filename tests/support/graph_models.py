"""Models whose graphs are recorded: the seven of every comparison, and what breaks tracers."""

from __future__ import annotations

import dataclasses
from typing import Any

import torch
import torch.utils.checkpoint
from torch import Tensor, nn
from torch.nn import functional as F

VGG16_TABLE = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)


class VGG16(nn.Module):
    """From its layer table; 0 is a pool. 138,357,544 parameters."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in VGG16_TABLE:
            if width:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
                channels = width
            else:
                layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            *(nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout()),
            *(nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout()),
            nn.Linear(4096, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class ConvNet(nn.Module):
    """The tutorial's."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(10, 20, 3)
        self.fc1 = nn.Linear(2000, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(F.max_pool2d(self.conv1(x), 2, 2))
        x = F.relu(self.conv2(x))
        x = F.relu(self.fc1(x.view(x.size(0), -1)))
        return F.log_softmax(self.fc2(x), dim=1)


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, 2, batch_first=True)
        self.fc = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.lstm(x)
        return self.fc(y[:, -1])


class Named(nn.Module):
    """Dicts in and out."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 2)

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        hidden = torch.relu(self.a(batch["x"]) + batch["y"])
        return {"logits": self.b(hidden), "hidden": hidden}


class DataDependent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.a(x) if x.sum() > 0 else self.b(x)
        for _ in range(int(x.abs().max() > -1) + 1):
            x = x * 2
        return x


def seven() -> dict[str, tuple[nn.Module, Any]]:
    """Each model with its input. VGG16's parameters hold no memory: only their shapes matter."""
    with torch.device("meta"):
        vgg16 = VGG16()
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
    return {
        "mlp": (nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)), torch.rand(1, 8)),
        "convnet": (ConvNet(), torch.rand(2, 1, 28, 28)),
        "vgg16": (vgg16, (torch.rand(1, 3, 224, 224, device="meta"),)),
        "lstm": (Recurrent(), torch.rand(2, 5, 8)),
        "encoder": (nn.TransformerEncoder(layer, 2), torch.rand(2, 7, 32)),
        "dict": (Named(), {"x": torch.rand(2, 4), "y": torch.rand(2, 4)}),
        "data_dependent": (DataDependent(), torch.rand(2, 4)),
    }


class Calls(nn.Module):
    """A module whose forward is a function of itself and its input."""

    def __init__(self, function: Any, **members: Any) -> None:
        super().__init__()
        self.function = function
        for name, member in members.items():
            setattr(self, name, member)

    def forward(self, x: Tensor) -> Any:
        return self.function(self, x)


class Clamp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clamp(min=0)


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.linear(x)) + 1


@torch.library.custom_op("cupola_tests::twice", mutates_args=())
def twice(x: Tensor) -> Tensor:
    return x * 2


@dataclasses.dataclass
class Output:
    logits: Tensor
    more: dict[str, list[Tensor]]


def writes_in_place(self: Any, x: Tensor) -> Tensor:
    y = self.a(x)
    y[:, 0:2] = x[:, 0:2]
    out = torch.empty(2, 4)
    torch.add(y, 1, out=out)
    y[:, 1].mul_(2)
    return out + y


def edge_cases() -> dict[str, nn.Module]:
    """Each takes a tensor of 2×4."""
    a = nn.Linear(4, 4)
    checkpoint = torch.utils.checkpoint.checkpoint
    return {
        "autograd_function": Calls(lambda self, x: Clamp.apply(self.a(x)), a=a),
        "scripted_child": Calls(lambda self, x: self.b(self.a(x)), a=a, b=torch.jit.script(Small())),
        "scripted": torch.jit.script(nn.Sequential(Small(), nn.Linear(4, 2))),
        "custom_op": Calls(lambda self, x: twice(self.a(x)), a=a),
        "shared_module": Calls(lambda self, x: self.b(self.a(x)), a=a, b=a),
        "dataclass_output": Calls(lambda self, x: Output(self.a(x), {"h": [x + 1]}), a=a),
        "in_place": Calls(writes_in_place, a=a),
        "checkpoint": Calls(
            lambda self, x: checkpoint(self.a, x, use_reentrant=False), a=nn.Sequential(a, nn.ReLU())
        ),
        "vmap": Calls(lambda self, x: torch.vmap(lambda row: self.a(row) * 2)(x).sum(), a=a),
        "data_parallel": nn.DataParallel(nn.Sequential(nn.Linear(4, 4))),
        "compiled": torch.compile(Calls(lambda self, x: self.a(x) + 1, a=a), backend="eager"),
        "compiled_child": Calls(
            lambda self, x: self.b(self.a(x)), a=a, b=torch.compile(Small(), backend="aot_eager")
        ),
        "attention": Calls(lambda self, x: self.a(x[None], x[None], x[None]), a=nn.MultiheadAttention(4, 2)),
        "batch_norm": nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Identity()),
        "lazy": nn.Sequential(nn.LazyLinear(3), nn.ReLU()),
        "iterated": Calls(lambda self, x: torch.stack([row * 2 for row in self.a(x)]), a=a),
        "packed": Calls(
            lambda self, x: self.a(nn.utils.rnn.pack_padded_sequence(x[None], [2], batch_first=True))[0].data,
            a=nn.LSTM(4, 3),
        ),
        "weight_norm": nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))),
        "identity": Calls(lambda self, x: x),
        "decoder": Calls(
            lambda self, x: self.a(x[None], x[None]),
            a=nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8), 1),
        ),
        "gradient": Calls(lambda self, x: torch.func.grad(lambda v: self.a(v).sum())(x), a=a),
        "inference": Calls(torch.inference_mode()(lambda self, x: self.a(x).add_(1)), a=a),
        "sparse": Calls(lambda self, x: torch.sparse.mm(x.to_sparse(), self.a.weight), a=a),
        "namedtuple": Calls(lambda self, x: (x.max(1), x + torch.tensor([1.0, 2, 3, 4]))),
    }
