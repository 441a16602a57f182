"""What a wrapper moves its input to, a recording moves it to."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from cupola.plugins.graphs.recorder import sharded


@pytest.mark.parametrize("wrapper", ["plain", "compute_device", "none"])
def test_arguments_go_where_the_wrapper_runs(monkeypatch: pytest.MonkeyPatch, wrapper: str) -> None:
    model = nn.Linear(2, 2) if wrapper == "plain" else nn.DataParallel(nn.Linear(2, 2))
    if wrapper == "compute_device":
        model.compute_device = torch.device("meta")
    args, kwargs = sharded.moved(model, ((torch.ones(1, 2), 3), {"mask": [torch.ones(1)]}))
    wanted = "meta" if wrapper == "compute_device" else "cpu"
    assert args[0].device.type == kwargs["mask"][0].device.type == wanted and args[1] == 3
