"""Small habits of the peers that programs, and the peers' own tests, rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from cupola import SummaryWriter


class GivesDict(torch.nn.Linear):
    def forward(self, x: torch.Tensor) -> Any:
        return {"out": super().forward(x)}


def test_who_asks_for_strict_tracing_gets_its_error(tmp_path: Path) -> None:
    model, x = GivesDict(3, 5), torch.zeros(1, 3)
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(model, x)
        writer.add_graph(model, x, use_strict_trace=False)
        writer.add_graph(torch.nn.Linear(3, 5), x, use_strict_trace=True)
        with pytest.raises(RuntimeError, match="use_strict_trace"):
            writer.add_graph(model, x, use_strict_trace=True)
