"""Sharded models: rank 0 logs its graph, and neither it nor the other rank notices afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

dist = pytest.importorskip("torch.distributed")
pytestmark = pytest.mark.skipif(not dist.is_available(), reason="torch without torch.distributed")

PROGRAM = """
    import json, os, sys, warnings
    import torch, torch.distributed as dist
    from torch import nn

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    kind, logs, store, rank = sys.argv[1], sys.argv[2] == "logs", sys.argv[3], int(sys.argv[4])
    dist.init_process_group("gloo", store=dist.FileStore(store, 2), rank=rank, world_size=2)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.up, self.norm, self.down = nn.Linear(6, 12), nn.BatchNorm1d(12), nn.Linear(12, 6)

        def forward(self, x):
            return x + self.down(self.norm(self.up(x)).relu())

    class Net(nn.Module):
        def __init__(self, inner=lambda block: block):
            super().__init__()
            self.first, self.second = inner(Block()), inner(Block())

        def forward(self, x):
            return self.second(self.first(x))

    def ddp():
        return nn.parallel.DistributedDataParallel(Net())

    def ddp_inside():
        return Net(nn.parallel.DistributedDataParallel)

    def fsdp1(**options):
        from torch.distributed.fsdp import FullyShardedDataParallel as FSDP
        return FSDP(Net(lambda block: FSDP(block, device_id=torch.device("cpu"), **options)),
                    device_id=torch.device("cpu"), **options)

    def fsdp1_original_parameters():
        return fsdp1(use_orig_params=True)

    def fsdp2():
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import fully_shard
        model, mesh = Net(), init_device_mesh("cpu", (2,))
        fully_shard(model.first, mesh=mesh)
        fully_shard(model, mesh=mesh)
        return model

    def tensor_parallel():
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module
        model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 6))
        return parallelize_module(
            model, init_device_mesh("cpu", (2,)), {"0": ColwiseParallel(), "2": RowwiseParallel()}
        )

    class Averaged(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(6, 6)

        def forward(self, x):
            made = self.layer(x)
            mean = made.detach().mean(0)
            work = dist.all_reduce(mean, async_op=True)
            work.wait()
            gathered = [torch.empty_like(mean) for _ in range(2)]
            dist.all_gather(gathered, mean)
            return made - sum(gathered)

    def collectives():
        return Averaged()

    class Looks(Averaged):
        def forward(self, x):
            made = super().forward(x)
            return made * 2 if made.sum().item() > 0 else made

    def collectives_and_a_look():
        return Looks()

    torch.manual_seed(0)
    model = globals()[kind]()
    torch.manual_seed(rank)
    batch = torch.randn(4, 6)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    def step():
        optimizer.zero_grad()
        loss = model(batch).square().mean()
        loss.backward()
        optimizer.step()
        return loss.item().hex()

    said, graph = "", []
    losses = [step()]
    for _ in range(2):
        if logs and rank == 0:
            from cupola.plugins.graphs.recorder import record
            try:
                nodes = record(model, batch)
                graph = [[node.name, node.op, [list(shape) for shape in node.shapes]] for node in nodes]
            except RuntimeError as error:
                said = str(error)
        losses.append(step())
    print(json.dumps({"losses": losses, "said": said, "graph": graph}))
    dist.destroy_process_group()
"""


def run_ranks(kind: str, logs: bool, directory: Path) -> list[dict[str, Any]]:
    store = directory / f"store {logs}"
    program = [sys.executable, "-c", textwrap.dedent(PROGRAM), kind, "logs" if logs else "alone", str(store)]
    loopback = "lo0" if sys.platform == "darwin" else "lo"
    environment = {"GLOO_SOCKET_IFNAME": loopback, **os.environ}
    ranks = [
        subprocess.Popen(
            [*program, str(rank)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        for rank in range(2)
    ]
    try:
        outputs = [rank.communicate(timeout=120) for rank in ranks]
    finally:
        for rank in ranks:
            rank.kill()
    assert [rank.returncode for rank in ranks] == [0, 0], outputs
    return [json.loads(output.strip().splitlines()[-1]) for output, _ in outputs]


@pytest.mark.parametrize(
    "kind",
    [
        "fsdp2",
        "collectives",
        *(
            pytest.param(kind, marks=pytest.mark.slow)
            for kind in ("ddp", "ddp_inside", "fsdp1", "fsdp1_original_parameters", "tensor_parallel")
        ),
    ],
)
def test_one_rank_logs_the_whole_graph_and_the_next_steps_are_the_same(kind: str, tmp_path: Path) -> None:
    alone, logged = run_ranks(kind, False, tmp_path), run_ranks(kind, True, tmp_path)
    assert [rank["losses"] for rank in logged] == [rank["losses"] for rank in alone]
    assert logged[0]["said"] == ""
    parameters = {name: shapes[0] for name, op, shapes in logged[0]["graph"] if op == "Parameter"}
    if kind not in ("tensor_parallel", "collectives"):
        weights = {tuple(shape) for name, shape in parameters.items() if name.endswith("weight")}
        assert weights == {(12, 6), (12,), (6, 12)}
        assert sum("Linear[up]/linear" in name for name, _, _ in logged[0]["graph"]) == 2
    if kind == "tensor_parallel":
        assert sorted(parameters.values()) == [[6], [6, 12], [12], [12, 6]]
    root = logged[0]["graph"][-2][0].partition("/")[0]
    assert root in ("Net", "Sequential", "Averaged")


@pytest.mark.slow
def test_a_collective_that_only_a_real_pass_can_do_is_an_error_and_no_hang(tmp_path: Path) -> None:
    kind = "collectives_and_a_look"
    alone, logged = run_ranks(kind, False, tmp_path), run_ranks(kind, True, tmp_path)
    assert [rank["losses"] for rank in logged] == [rank["losses"] for rank in alone]
    assert "one of 2 ranks" in logged[0]["said"]
