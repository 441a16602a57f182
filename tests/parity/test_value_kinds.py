"""Every array argument of every method × every kind of value (tests/support/value_kinds.py): what is in the
file is what it is for the same numbers as a NumPy array, which is what it is for the peers' writers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.utils.tensorboard
from tensorboardX import SummaryWriter as TensorboardX
from tests.support.contents import contents
from tests.support.log_calls import CALLS
from tests.support.value_kinds import KINDS, Array

from cupola import SummaryWriter

Torch = torch.utils.tensorboard.SummaryWriter
PEERS = [(Torch, "torch"), (TensorboardX, "tensorboardX")]
RNG = np.random.default_rng(0)
ONE = np.array(0.75)
VECTOR = np.linspace(-0.875, 0.75, 14)
CHW = RNG.integers(0, 256, (3, 4, 6), np.uint8)
HWC = np.ascontiguousarray(CHW.transpose(1, 2, 0))
NHWC = np.stack([HWC, HWC[::-1]])
MESH = RNG.random((2, 5, 3))
COUNTS = np.array([4.0, 2.0, 1.0])
LABELS, SCORES = np.array([0, 1, 1, 0]), np.array([0.1, 0.5, 0.9, 0.6])
MATRIX = RNG.random((3, 4)).round(3)

ROWS: dict[str, tuple[Array, Callable[[Any, Any], object]]] = {
    "add_scalar": (ONE, lambda w, v: w.add_scalar("t", v, 1)),
    "add_scalar of one element": (ONE[None], lambda w, v: w.add_scalar("t", v, 1)),
    "add_scalar, step": (np.array(7), lambda w, v: w.add_scalar("t", 0.5, v)),
    "add_scalar, walltime": (np.array(1.5e9), lambda w, v: w.add_scalar("t", 0.5, 1, v)),
    "add_scalars": (ONE, lambda w, v: w.add_scalars("t", {"a": v}, 1)),
    "add_histogram": (VECTOR, lambda w, v: w.add_histogram("t", v, 1)),
    "add_histogram of integers": (np.arange(6).reshape(2, 3), lambda w, v: w.add_histogram("t", v, 1)),
    "add_histogram, bins": (np.linspace(-1, 1, 5), lambda w, v: w.add_histogram("t", VECTOR, 1, bins=v)),
    "add_histogram_raw": (
        COUNTS,
        lambda w, v: w.add_histogram_raw("t", 0, 1, 7, 1, 1, [1.0, 2.0, 3.0], v, 1),
    ),
    "add_image": (CHW, lambda w, v: w.add_image("t", v, 1)),
    "add_image HWC": (HWC, lambda w, v: w.add_image("t", v, 1, dataformats="HWC")),
    "add_image of floats": (CHW / 255, lambda w, v: w.add_image("t", v, 1)),
    "add_images": (NHWC, lambda w, v: w.add_images("t", v, 1, dataformats="NHWC")),
    "add_image_with_boxes": (
        HWC,
        lambda w, v: w.add_image_with_boxes("t", v, np.array([[0, 0, 3, 3]]), 1, dataformats="HWC"),
    ),
    "add_image_with_boxes, boxes": (
        np.array([[0.0, 0.0, 3.0, 3.0]]),
        lambda w, v: w.add_image_with_boxes("t", CHW, v, 1),
    ),
    "add_video": (CHW[None, None], lambda w, v: w.add_video("t", v, 1)),
    "add_audio": (VECTOR, lambda w, v: w.add_audio("t", v, 1)),
    "add_embedding": (MATRIX, lambda w, v: w.add_embedding(v, global_step=1)),
    "add_embedding, pictures": (
        np.ascontiguousarray(NHWC.transpose(0, 3, 1, 2)),
        lambda w, v: w.add_embedding(MATRIX[:2], label_img=v, global_step=1),
    ),
    "add_embedding, labels": (np.array([3, 1, 2]), lambda w, v: w.add_embedding(MATRIX, v, global_step=1)),
    "add_mesh": (MESH, lambda w, v: w.add_mesh("t", v, global_step=1)),
    "add_mesh, colors": (MESH, lambda w, v: w.add_mesh("t", MESH, v, global_step=1)),
    "add_tensor": (MATRIX, lambda w, v: w.add_tensor("t", v, 1)),
    "add_pr_curve, labels": (LABELS, lambda w, v: w.add_pr_curve("t", v, SCORES, 1, 5)),
    "add_pr_curve, predictions": (SCORES, lambda w, v: w.add_pr_curve("t", LABELS, v, 1, 5)),
    "add_pr_curve, weights": (SCORES, lambda w, v: w.add_pr_curve("t", LABELS, SCORES, 1, 5, v)),
    "add_pr_curve_raw": (COUNTS, lambda w, v: w.add_pr_curve_raw("t", v, *[COUNTS] * 5, 1, 3)),
    "add_hparams, metric": (ONE, lambda w, v: w.add_hparams({"a": 1}, {"t": v}, run_name="s")),
    "add_hparams, hparam": (ONE, lambda w, v: w.add_hparams({"a": v}, {"t": 1}, run_name="s")),
}
"""What is logged, and the call that logs it as a value of some kind."""

WITHOUT_ARRAYS = {
    "add_text",
    "add_figure",
    "add_graph",
    *(name for name in CALLS if name.startswith("add_custom_scalars")),
}

ON_PURPOSE = {
    ("add_scalar, walltime", "torch"): "it takes no array",
    ("add_scalar, walltime", "tensorboardX"): "it takes no array",
    ("add_tensor", "torch"): "it takes tensors only",
    ("add_video", "torch"): "it needs an old moviepy",
    ("add_embedding", "torch"): "cupola writes tensors.bytes, which TensorBoard reads too",
    ("add_embedding, pictures", "torch"): "the same, and torch's pictures come out white",
    ("add_embedding, labels", "torch"): "the same",
    ("add_hparams, hparam", "torch"): "torch fails on an array without axes",
    ("add_hparams, metric", "torch"): "the same values in another order of bytes",
    ("add_video", "tensorboardX"): "it needs moviepy",
    ("add_audio", "tensorboardX"): "it needs soundfile",
    ("add_mesh", "tensorboardX"): "tags _1, _2, _3",
    ("add_mesh, colors", "tensorboardX"): "tags _1, _2, _3",
    ("add_tensor", "tensorboardX"): "it has none",
    ("add_scalars", "tensorboardX"): "directories <tag>/<key>",
    ("add_image of floats", "tensorboardX"): "another rounding",
    ("add_embedding", "tensorboardX"): "as torch's",
    ("add_embedding, pictures", "tensorboardX"): "it refuses pictures that are not square",
    ("add_embedding, labels", "tensorboardX"): "as torch's",
    ("add_hparams, hparam", "tensorboardX"): "the value is lost",
    ("add_hparams, metric", "tensorboardX"): "no run_name",
}
"""Where a peer writes something else for a NumPy array; the table in docs/migrating.md says what."""


def write(writer_class: type, logdir: Path, row: str, value: Any) -> list[tuple[Any, ...]]:
    writer = writer_class(str(logdir))
    try:
        with warnings.catch_warnings():
            if writer_class is not SummaryWriter:
                warnings.simplefilter("ignore")
            ROWS[row][1](writer, value)
    finally:
        writer.close()
    return contents(logdir)


def test_every_method_is_here() -> None:
    assert {row.split(",")[0].split(" ")[0] for row in ROWS} | WITHOUT_ARRAYS == set(CALLS)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize(("peer", "name"), PEERS, ids=["torch", "tensorboardX"])
def test_a_numpy_array_is_what_it_is_for_the_peers(tmp_path: Path, row: str, peer: type, name: str) -> None:
    if (row, name) in ON_PURPOSE:
        pytest.skip(ON_PURPOSE[row, name])
    array = ROWS[row][0]
    ours = write(SummaryWriter, tmp_path / "ours", row, array)
    assert ours == write(peer, tmp_path / "theirs", row, array)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("row", ROWS)
def test_every_kind_is_what_the_numpy_array_is(tmp_path: Path, row: str) -> None:
    array = ROWS[row][0]
    wanted = write(SummaryWriter, tmp_path / "wanted", row, array)
    wrong = []
    for name, make in KINDS.items():
        if (value := make(array)) is None:
            continue
        try:
            if write(SummaryWriter, tmp_path / name, row, value) != wanted:
                wrong.append(f"{name}: other contents")
        except Exception as error:
            wrong.append(f"{name}: {error!r}")
    assert not wrong, "\n".join(wrong)


TORCH_DTYPES = sorted(
    {dtype for dtype in vars(torch).values() if isinstance(dtype, torch.dtype)}
    - {torch.qint8, torch.quint8, torch.qint32, torch.quint4x2, torch.quint2x4},  # see tests/values
    key=str,
)


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize("dtype", TORCH_DTYPES, ids=str)
def test_every_dtype_of_torch(tmp_path: Path, dtype: torch.dtype) -> None:
    """Exactly, or an error that names the argument; never other numbers."""
    try:
        tensor = torch.tensor([0, 1, 1, 1]).to(dtype)
        wanted = tensor.to(torch.complex128).real.tolist()
    except (RuntimeError, TypeError):
        tensor, wanted = torch.empty(4, dtype=dtype), []
    with SummaryWriter(tmp_path / "ours") as writer:
        try:
            writer.add_histogram("t", tensor)
        except TypeError as error:
            assert str(error).startswith("values ")
            assert wanted == [] or not dtype.is_floating_point
            return
    [(_, _, _, _, low, high, num, total, *_)] = contents(tmp_path / "ours")
    assert (low, high, num, total) == (0.0, 1.0, 4.0, 3.0) or dtype == torch.float8_e8m0fnu  # has no zero
