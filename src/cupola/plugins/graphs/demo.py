"""A small residual network, drawn by hand: what `cupola demo` shows without torch."""

from __future__ import annotations

import os
import time
from math import prod
from pathlib import Path

from cupola import _codec
from cupola.events.event import FILE_VERSION, encode_event
from cupola.plugins.graphs.graph_def import Node, encode_graph, encode_run_metadata, encode_tagged

BATCH = 8


def write(logdir: str | os.PathLike[str]) -> None:
    """Writes one graph, with the memory of its activations, into the run `model`."""
    network = _network()
    events = [
        encode_event(time.time(), file_version=FILE_VERSION.encode()),
        encode_event(time.time(), graph_def=encode_graph(network)),
        encode_event(
            time.time(),
            tagged_run_metadata=encode_tagged(
                encode_run_metadata([node for node in network if node.op not in ("Parameter", "IO Node")])
            ),
        ),
    ]
    run = Path(logdir) / "model"
    run.mkdir(parents=True, exist_ok=True)
    path = run / f"events.out.tfevents.{int(time.time()):010d}.demo.{os.getpid()}.graphs"
    path.write_bytes(b"".join(_codec.frame(event) for event in events))


def _network() -> list[Node]:
    """Stem, four residual blocks, head; pictures of 32×32."""
    builder = _Builder()
    x = builder.add("input/image", "IO Node", [], (BATCH, 3, 32, 32))
    x = builder.layer("ResNet/Conv2d[stem]", "conv2d", x, (BATCH, 32, 32, 32), (32, 3, 3, 3))
    for index in range(4):
        block = f"ResNet/Sequential[blocks]/Block[{index}]"
        y = builder.layer(f"{block}/BatchNorm2d[norm1]", "batch_norm", x, (BATCH, 32, 32, 32), (32,))
        y = builder.add(f"{block}/relu", "torch.nn.functional.relu", [y], (BATCH, 32, 32, 32))
        y = builder.layer(f"{block}/Conv2d[conv1]", "conv2d", y, (BATCH, 32, 32, 32), (32, 32, 3, 3))
        y = builder.layer(f"{block}/BatchNorm2d[norm2]", "batch_norm", y, (BATCH, 32, 32, 32), (32,))
        y = builder.add(f"{block}/relu_1", "torch.nn.functional.relu", [y], (BATCH, 32, 32, 32))
        y = builder.layer(f"{block}/Conv2d[conv2]", "conv2d", y, (BATCH, 32, 32, 32), (32, 32, 3, 3))
        x = builder.add(f"{block}/add", "torch.Tensor.add", [x, y], (BATCH, 32, 32, 32))
    x = builder.add("ResNet/mean", "torch.mean", [x], (BATCH, 32))
    x = builder.layer("ResNet/Linear[head]", "linear", x, (BATCH, 10), (10, 32))
    builder.add("output/logits", "IO Node", [x], (BATCH, 10))
    return builder.nodes


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def add(self, name: str, op: str, inputs: list[str], shape: tuple[int, ...]) -> str:
        self.nodes.append(Node(name, op, inputs, [shape], ["float32"]))
        return name

    def layer(self, scope: str, op: str, x: str, shape: tuple[int, ...], weight: tuple[int, ...]) -> str:
        """An op with a weight and a bias."""
        parameters = [
            self.add(f"{scope}/weight", "Parameter", [], weight),
            self.add(f"{scope}/bias", "Parameter", [], weight[:1]),
        ]
        name = self.add(f"{scope}/{op}", f"torch.nn.functional.{op}", [x, *parameters], shape)
        self.nodes[-1].attributes["attr"] = f"{prod(weight)} weights"
        return name
