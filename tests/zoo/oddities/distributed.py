"""Wrappers of `torch.distributed`, with this process as the only rank."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import torch
import torch.distributed as dist
from tests.zoo.registry import zoo
from torch import Tensor, nn


@contextlib.contextmanager
def one_rank() -> Iterator[None]:
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
        try:
            yield
        finally:
            dist.destroy_process_group()


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


@zoo(within=one_rank, quick=True)
def distributed_data_parallel() -> Any:
    return nn.parallel.DistributedDataParallel(network()), torch.rand(4, 6)


@zoo(within=one_rank)
def fully_sharded_1() -> Any:
    from torch.distributed.fsdp import FullyShardedDataParallel

    return FullyShardedDataParallel(network(), device_id=torch.device("cpu")), torch.rand(4, 6)


@zoo(within=one_rank)
def fully_sharded_2() -> Any:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model = network()
    fully_shard(model, mesh=init_device_mesh("cpu", (1,)))
    return model, torch.rand(4, 6)


@zoo(within=one_rank)
def collective_inside() -> Any:
    class Averaged(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.register = nn.Linear(6, 6), 0

        def forward(self, x: Tensor) -> Tensor:
            made = self.layer(x)
            mean = made.detach().mean()
            dist.all_reduce(mean)
            self.register += 1
            return made - mean

    return Averaged(), torch.rand(4, 6)


@zoo()
def data_parallel() -> Any:
    return nn.DataParallel(network()), torch.rand(4, 6)
