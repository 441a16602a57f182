"""Data types of tensors: numbers, names, sizes and NumPy's types, in one table.

Source: tensorboard/compat/proto/types.proto (tensorboard 2.21.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np


@dataclass(frozen=True, slots=True)
class DataType:
    """One entry of `enum DataType`."""

    number: int
    name: str
    """NumPy's and torch's name."""
    proto_name: str
    """The name in types.proto, which protobuf prints."""
    item_bytes: int
    """Size of one element; 0 for strings."""
    numpy: np.dtype[Any] | None
    """Little-endian; None for strings and what NumPy has no type for."""


def _row(number: int, name: str, proto_name: str, numpy: str) -> DataType:
    dtype = np.dtype(numpy)
    return DataType(number, name, f"DT_{proto_name}", dtype.itemsize, dtype)


STRING: Final = DataType(7, "string", "DT_STRING", 0, None)
BFLOAT16: Final = DataType(14, "bfloat16", "DT_BFLOAT16", 2, None)

DATA_TYPES: Final = (
    _row(1, "float32", "FLOAT", "<f4"),
    _row(2, "float64", "DOUBLE", "<f8"),
    _row(3, "int32", "INT32", "<i4"),
    _row(4, "uint8", "UINT8", "u1"),
    _row(5, "int16", "INT16", "<i2"),
    _row(6, "int8", "INT8", "i1"),
    STRING,
    _row(8, "complex64", "COMPLEX64", "<c8"),
    _row(9, "int64", "INT64", "<i8"),
    _row(10, "bool", "BOOL", "?"),
    DataType(11, "qint8", "DT_QINT8", 1, None),
    DataType(12, "quint8", "DT_QUINT8", 1, None),
    DataType(13, "qint32", "DT_QINT32", 4, None),
    BFLOAT16,
    _row(17, "uint16", "UINT16", "<u2"),
    _row(18, "complex128", "COMPLEX128", "<c16"),
    _row(19, "float16", "HALF", "<f2"),
    _row(22, "uint32", "UINT32", "<u4"),
    _row(23, "uint64", "UINT64", "<u8"),
    DataType(24, "float8_e5m2", "DT_FLOAT8_E5M2", 1, None),
    DataType(25, "float8_e4m3fn", "DT_FLOAT8_E4M3FN", 1, None),
)

BY_NUMBER: Final = {row.number: row for row in DATA_TYPES}
BY_NAME: Final = {row.name: row for row in DATA_TYPES}
BY_NUMPY: Final = {row.numpy: row for row in DATA_TYPES if row.numpy is not None}
