"""Columns on the wire: a JSON header and raw little-endian arrays in one answer.

Layout: `u32` length of the header, the header (UTF-8 JSON, padded with spaces so that what follows starts at
a multiple of 8), then each array at a multiple of 8. In the header an array stands as `{"$column": [offset,
count, dtype]}`, offset in bytes from the end of the header, dtype one of f4 f8 i4 u4 i8 u1.
web/src/api/columns.ts is the twin that reads it.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

MEDIA_TYPE: Final = "application/x-cupola-columns"

DTYPES: Final = frozenset({"f4", "f8", "i4", "u4", "i8", "u1"})


def encode_columns(document: Any) -> bytes:
    """Bytes of a JSON document in which NumPy arrays may stand anywhere.

    Args:
        document: dicts, lists, strings, numbers, None; and one-dimensional arrays of the dtypes above.

    Raises:
        TypeError: an array of another dtype.
    """
    chunks: list[bytes] = []
    size = 0

    def place(item: Any) -> Any:
        nonlocal size
        if isinstance(item, np.ndarray):
            array = np.ascontiguousarray(item, item.dtype.newbyteorder("<"))
            kind = array.dtype.str[1:]
            if kind not in DTYPES:
                raise TypeError(f"a column of {array.dtype}; wanted one of {sorted(DTYPES)}")
            offset, data = size, array.tobytes()
            padding = -len(data) % 8
            chunks.append(data + b"\0" * padding)
            size += len(data) + padding
            return {"$column": [offset, array.size, kind]}
        if isinstance(item, dict):
            return {key: place(value) for key, value in item.items()}
        if isinstance(item, (list, tuple)):
            return [place(value) for value in item]
        return item

    header = json.dumps(place(document), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    header += b" " * (-(4 + len(header)) % 8)
    return b"".join([len(header).to_bytes(4, "little"), header, *chunks])


def decode_columns(data: bytes) -> Any:
    """The document that `encode_columns` was given, arrays as views of `data`."""
    start = 4 + int.from_bytes(data[:4], "little")

    def find(item: dict[str, Any]) -> Any:
        column = item.get("$column")
        if column is None:
            return item
        offset, count, kind = column
        return np.frombuffer(data, np.dtype(f"<{kind}"), count, start + offset)

    return json.loads(data[4:start], object_hook=find)
