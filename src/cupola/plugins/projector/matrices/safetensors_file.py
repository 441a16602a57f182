"""safetensors: a header in JSON, and tensors that stay where they lie in the mapped file.

Source: https://github.com/huggingface/safetensors (README, "Format"). A reader of its own is shorter than
what the package would need around it, which gives NumPy no bfloat16.
"""

from __future__ import annotations

import json
import math
import mmap
from typing import Any, Final

import numpy as np

from cupola.errors import DecodeError
from cupola.plugins.projector.matrices.contents import Contents

MOST_HEADER_BYTES: Final = 100_000_000
"""The format's own bound."""

_DTYPES: Final = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "V2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "?",
}


def looks_like(head: bytes) -> bool:
    """Whether a file may begin so: a length, and a JSON object."""
    return len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= MOST_HEADER_BYTES


def read_safetensors(mapped: mmap.mmap, name: str) -> Contents:
    """The tensors of a file. Those of one number a row describe the rows of the others, unless their
    name has a dot: then they are a module's parameters.
    """
    size = int.from_bytes(mapped[:8], "little")
    if size > min(MOST_HEADER_BYTES, len(mapped) - 8):
        raise DecodeError(f"{name} claims a header of {size} bytes and has {len(mapped)} in all: cut short?")
    try:
        header = json.loads(mapped[8 : 8 + size])
        tensors = {key: value for key, value in header.items() if key != "__metadata__"}
        contents = Contents()
        for key, value in tensors.items():
            _take(mapped, 8 + size, key, value, contents)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, DecodeError):
            raise
        raise DecodeError(f"{name} has a header that is not safetensors': {error}") from None
    return contents


def _take(mapped: mmap.mmap, start: int, name: str, entry: dict[str, Any], contents: Contents) -> None:
    shape, kind = [int(side) for side in entry["shape"]], str(entry["dtype"])
    begin, end = (int(offset) for offset in entry["data_offsets"])
    if kind not in _DTYPES:
        contents.left_out.append(f"{name} holds {kind}; wanted one of {', '.join(_DTYPES)}")
        return
    dtype = np.dtype(_DTYPES[kind])
    count = math.prod(shape)
    if min([0, *shape]) < 0 or not 0 <= begin <= end or end - begin != count * dtype.itemsize:
        raise DecodeError(f"tensor {name} has {end - begin} bytes for shape {shape} of {kind}")
    if start + end > len(mapped):
        raise DecodeError(
            f"tensor {name} ends {start + end - len(mapped)} bytes behind the file's end: it was cut "
            "short, or is still being written"
        )
    array = np.frombuffer(mapped, dtype, count, start + begin).reshape(shape)
    contents.add(name, array, may_be_column="." not in name)
