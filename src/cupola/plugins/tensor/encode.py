"""Arrays to bytes as they are, dtype and shape kept.

Source: torch/utils/tensorboard/summary.py, tensor_proto (torch 2.13.0), whose half and uint8 tensors
    TensorBoard cannot read; these it can.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.events import event
from cupola.events import tensor as tensors
from cupola.values.arguments import check_tag
from cupola.values.arrays import Snapshot, snapshot
from cupola.values.deferred import Deferred
from cupola.values.torch_tensors import is_dense

MAX_BYTES: Final = 1 << 31
"""Protocol Buffers' own limit of a message."""

METADATA = event.SummaryMetadata(plugin_name="tensor")


def tensor(tag: str, tensor: Any) -> Deferred:
    """An array of any shape.

    Args:
        tag: name of the series.
        tensor: numbers; bfloat16 stays bfloat16, float8 becomes float32, masked elements NaN (and with them
            integers float64).

    Raises:
        WrongType, WrongValue: the argument and what is wanted.
    """
    tag = check_tag(tag)
    size = tensor.nbytes if isinstance(tensor, np.ndarray) or is_dense(tensor) else 0
    if size >= MAX_BYTES:  # before it is copied
        raise WrongValue(
            f"tensor takes {size} bytes; wanted fewer than {MAX_BYTES}, the most that an event holds"
        )
    taken = snapshot(tensor, "tensor")
    if taken.dtype.kind in "fc" and taken.dtype.itemsize > (8 if taken.dtype.kind == "f" else 16):
        raise WrongType(
            f"tensor has dtype {taken.dtype}; wanted at most float64 or complex128: use .astype('f8')"
        )
    is_bfloat16 = taken.dtype == np.float32 and str(getattr(tensor, "dtype", "")).endswith("bfloat16")
    return Deferred(tag, taken.nbytes, partial(_encode, tag, taken, is_bfloat16))


def _encode(tag: str, taken: Snapshot, is_bfloat16: bool) -> list[bytes]:
    encode = tensors.encode_bfloat16 if is_bfloat16 else tensors.encode_list
    return [event.encode_value(tag, event.TENSOR, encode(taken.array()), METADATA)]
