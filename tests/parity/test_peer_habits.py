"""Small habits of the peers that programs, and the peers' own tests, rely on."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboardX import utils as tbx_utils
from torch.utils.tensorboard import _utils as torch_utils

from cupola import SummaryWriter
from cupola.peers import utils

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


def test_helpers_arrange_images_as_the_peers_do() -> None:
    for name, module in (("tensorboardX", tbx_utils), ("torch", torch_utils)):
        for letters, shape in (
            ("HW", (4, 6)),
            ("wch", (6, 3, 4)),
            ("CHW", (1, 4, 6)),
            ("NCHW", (11, 3, 4, 6)),
        ):
            data = RNG.integers(0, 256, shape, np.uint8)
            expected = module.convert_to_HWC(data, letters)
            np.testing.assert_array_equal(utils.convert_to_HWC(data, letters), expected, f"{name} {letters}")
        for count in (1, 3, 4, 20):
            videos = RNG.random((count, 5, 3, 4, 6))
            np.testing.assert_array_equal(utils._prepare_video(videos), module._prepare_video(videos))
            bright = (videos * 255).astype(np.uint8)
            np.testing.assert_array_equal(utils._prepare_video(bright), module._prepare_video(bright))
        batch = RNG.random((5, 1, 4, 6))
        np.testing.assert_array_equal(utils.make_grid(batch, 3), module.make_grid(batch, 3))
    videos = RNG.random((5, 2, 4, 6, 3))
    expected = tbx_utils.convert_to_NTCHW(videos, "TNHWC")
    np.testing.assert_array_equal(utils.convert_to_NTCHW(videos, "TNHWC"), expected)


def test_helpers_refuse_as_the_peers_do() -> None:
    for wrong in ("CH", "CCH", "CHWN"):
        with pytest.raises(AssertionError):
            utils.convert_to_HWC(np.zeros((3, 4, 6)), wrong)


def test_a_small_embedding_is_there_when_the_call_returns(tmp_path: Path) -> None:
    """Programs read its files, or remove the directory, without closing the writer."""
    for round_trip in range(20):
        logdir = tmp_path / str(round_trip)
        writer = SummaryWriter(logdir)
        for labels, header in ((["a", "b", "c"], None), ([[1, 2], [3, 4], [5, 6]], ["x", "y"])):
            images = np.zeros((3, 3, 5, 5))
            writer.add_embedding(np.eye(3), labels, images, 2, metadata_header=header)
            assert (logdir / "projector_config.pbtxt").read_text().count("embeddings {") == 1
            rows = (logdir / "00002" / "default" / "metadata.tsv").read_text().split()
            assert rows == (labels if header is None else ["x", "y", "1", "2", "3", "4", "5", "6"])
        shutil.rmtree(logdir)
        assert not logdir.exists()


def test_a_large_embedding_is_not_waited_for(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        start = time.perf_counter()
        writer.add_embedding(np.zeros((20_000, 64), np.float32))
        assert time.perf_counter() - start < 0.15
        assert not (tmp_path / "projector_config.pbtxt").exists()
    assert (tmp_path / "projector_config.pbtxt").exists()
