"""Small habits of the peers that programs, and the peers' own tests, rely on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboardX import utils as tbx_utils
from torch.utils.tensorboard import _utils as torch_utils

from cupola import SummaryWriter
from cupola.plugins.images import peers

RNG = np.random.default_rng(0)


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


def test_helpers_arrange_pictures_as_the_peers_do() -> None:
    for name, module in (("tensorboardX", tbx_utils), ("torch", torch_utils)):
        for letters, shape in (
            ("HW", (4, 6)),
            ("wch", (6, 3, 4)),
            ("CHW", (1, 4, 6)),
            ("NCHW", (11, 3, 4, 6)),
        ):
            data = RNG.integers(0, 256, shape, np.uint8)
            expected = module.convert_to_HWC(data, letters)
            np.testing.assert_array_equal(peers.convert_to_HWC(data, letters), expected, f"{name} {letters}")
        for count in (1, 3, 4, 20):
            films = RNG.random((count, 5, 3, 4, 6))
            np.testing.assert_array_equal(peers._prepare_video(films), module._prepare_video(films))
            bright = (films * 255).astype(np.uint8)
            np.testing.assert_array_equal(peers._prepare_video(bright), module._prepare_video(bright))
        batch = RNG.random((5, 1, 4, 6))
        np.testing.assert_array_equal(peers.make_grid(batch, 3), module.make_grid(batch, 3))
    films = RNG.random((5, 2, 4, 6, 3))
    expected = tbx_utils.convert_to_NTCHW(films, "TNHWC")
    np.testing.assert_array_equal(peers.convert_to_NTCHW(films, "TNHWC"), expected)


def test_helpers_refuse_as_the_peers_do() -> None:
    for wrong in ("CH", "CCH", "CHWN"):
        with pytest.raises(AssertionError):
            peers.convert_to_HWC(np.zeros((3, 4, 6)), wrong)
