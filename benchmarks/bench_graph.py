"""What `add_graph` costs: time beside torch's, and memory beside a plain forward pass.

Times are CPU time, medians of rounds in which the writers take turns. Memory is the highest resident size of
a process of its own; for the model on meta, what add_graph adds to it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.bench_write import cupola, row, torch_writer

ROUNDS = 5

_LLAMA = """
    import json, resource, sys, tempfile, time
    import torch
    from torch import nn
    from torch.nn import functional as F
    from cupola import SummaryWriter

    class Block(nn.Module):
        def __init__(self, width=4096, heads=32, inner=11008):
            super().__init__()
            self.heads = heads
            self.norm, self.norm2 = nn.RMSNorm(width), nn.RMSNorm(width)
            self.q, self.k, self.v, self.o = (nn.Linear(width, width, bias=False) for _ in range(4))
            self.gate, self.up = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
            self.down = nn.Linear(inner, width, bias=False)

        def forward(self, x):
            batch, length, width = x.shape
            normed = self.norm(x)
            parts = (part(normed) for part in (self.q, self.k, self.v))
            q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in parts)
            made = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.o(made.transpose(1, 2).reshape(batch, length, width))
            normed = self.norm2(x)
            return x + self.down(F.silu(self.gate(normed)) * self.up(normed))

    with torch.device("meta"):
        head = nn.Linear(4096, 32000, bias=False)
        model = nn.Sequential(nn.Embedding(32000, 4096), *(Block() for _ in range(32)), head)
        given = torch.zeros(1, 128, dtype=torch.long)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with tempfile.TemporaryDirectory() as directory, SummaryWriter(directory) as writer:
        writer.add_graph(model, given)
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(item.numel() for item in model.parameters())
    print(json.dumps({"seconds": seconds, "mib": (memory - before) / 1024, "parameters": count}))
"""

_TWO_GIB = """
    import json, resource, sys, tempfile
    import torch
    from torch import nn
    from cupola import SummaryWriter

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(*(nn.Linear(4096, 4096) for _ in range(32)))
            self.register_buffer("mean", torch.zeros(4096))

        def forward(self, x):
            x = self.layers(x)
            with torch.no_grad():
                self.mean.lerp_(x.mean(0), 0.1)
            return x * 2 if sys.argv[1] == "looks" and x.sum().item() > 0 else x

    model, given = Net(), torch.rand(256, 4096)
    with torch.no_grad(), tempfile.TemporaryDirectory() as directory, SummaryWriter(directory) as writer:
        if sys.argv[2] == "plain":
            model(given)
        else:
            writer.add_graph(model, given)
    print(json.dumps({"mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run() -> list[dict[str, Any]]:
    """All rows."""
    return [vgg16_row(), *llama_rows(), *memory_rows()]


def vgg16_row() -> dict[str, Any]:
    """VGG16 on one picture of 224×224."""
    import torch
    from tests.support.graph_models import VGG16

    model, given = VGG16(), torch.rand(1, 3, 224, 224)
    seconds: dict[Callable[[str], Any], list[float]] = {cupola: [], torch_writer: []}
    for index in range(ROUNDS + 1):
        for make, found in seconds.items():
            with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                writer = make(directory)
                began = time.process_time()
                writer.add_graph(model, given)
                if index:  # the first pays for imports
                    found.append(time.process_time() - began)
                writer.close()
    ours, peer = (statistics.median(found) * 1e3 for found in seconds.values())
    return row("add_graph of VGG16, torch", ours, peer, "ms", "≥ 10×", 0, 10)


def llama_rows() -> list[dict[str, Any]]:
    """A model of the size of Llama 7 B, whose parameters have no data."""
    found = _run(_LLAMA)
    assert found["parameters"] > 6.7e9
    return [
        row("add_graph of 6.7 B parameters on meta", found["seconds"], None, "s", "≤ 5", 5.0),
        row("add_graph of 6.7 B parameters on meta, memory", found["mib"], None, "MiB", "≤ 1024", 1024.0),
    ]


def memory_rows() -> list[dict[str, Any]]:
    """A model of 2 GiB on the CPU that writes to a buffer; the peer is a plain forward pass."""
    rows = []
    for kind, name in (
        ("blind", "add_graph of 2 GiB, memory"),
        ("looks", "… that looks at its data, memory"),
    ):
        ours, plain = _run(_TWO_GIB, kind, "graph")["mib"], _run(_TWO_GIB, kind, "plain")["mib"]
        rows.append(row(name, ours, plain, "MiB", "≤ 1.1× a forward", plain * 1.1))
    return rows


def _run(program: str, *arguments: str) -> Any:
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])
