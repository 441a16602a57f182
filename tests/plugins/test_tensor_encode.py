"""`add_tensor`: TensorBoard reads each dtype back; torch's own bytes where TensorBoard can read those."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tensorboard.util import tensor_util
from tests.support.encoded import summary, value
from torch.utils.tensorboard import summary as torch_summary

from cupola.errors import WrongType, WrongValue
from cupola.events.tensor import decode_tensor
from cupola.plugins.tensor import encode

DTYPES = ["f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?", "c8", "c16"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "numbers",
    [5, [[1, 2, 3], [0, 127, 7]], [-1, 0, 1], [2**7, 2**14 - 1, 2**15 - 1], [[[]]], [2**31 - 1, -(2**31)]],
)
def test_reads_back(dtype: str, numbers: object) -> None:
    with np.errstate(over="ignore"):
        array = np.array(numbers).astype(dtype)
    made = value(encode.tensor("t", array)).tensor
    if array.size or dtype not in ("u4", "u8"):  # TensorBoard cannot read an empty one of these
        read = tensor_util.make_ndarray(made)
        assert (read.dtype, read.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(read, array)
    again = decode_tensor(made.SerializeToString())
    assert isinstance(again, np.ndarray)
    np.testing.assert_array_equal(again, array)
    assert again.dtype == array.dtype


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.int32, torch.int64, torch.bool, torch.complex64]
)
def test_bytes_are_torchs(dtype: torch.dtype) -> None:
    for given in (torch.tensor([[1, 0, 3]]).to(dtype), torch.tensor(1).to(dtype), torch.empty(0).to(dtype)):
        assert summary(encode.tensor("t", given)) == torch_summary.tensor_proto("t", given)


def test_bfloat16_stays_bfloat16() -> None:
    given = torch.tensor([[1.0, -3e38]], dtype=torch.bfloat16)
    made = value(encode.tensor("t", given)).tensor
    assert made.dtype == 14
    np.testing.assert_array_equal(decode_tensor(made.SerializeToString()), given.float().numpy())


def test_refuses_at_the_call() -> None:
    with pytest.raises(WrongType, match="tensor is of type str"):
        encode.tensor("t", "x")
    with pytest.raises(WrongType, match="at most float64"):
        encode.tensor("t", np.zeros(2, np.longdouble))
    with pytest.raises(WrongValue, match="bytes; wanted fewer"):
        encode.tensor("t", np.broadcast_to(np.zeros(1, "f8"), (1 << 28,)))
