"""What a matrix file holds: matrices, columns of one value a row, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Cells: TypeAlias = "Sequence[str] | NDArray[Any]"
"""One value a row: texts, or an array of numbers, truth values or texts."""

_BLOCK_VALUES: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Matrix:
    """N×D numbers that are converted when they are asked for."""

    shape: tuple[int, int]
    read: Callable[[], Floats]
    """C-contiguous float32: the mapped file itself where it holds that, else a copy."""


@dataclass(slots=True)
class Contents:
    """Of one file."""

    matrices: dict[str, Matrix] = field(default_factory=dict)
    columns: dict[str, Cells] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    """Columns that are a matrix together: they describe no point of it."""
    left_out: list[str] = field(default_factory=list)
    """What is no matrix and no column, a sentence each."""

    def add(self, name: str, array: NDArray[Any], *, may_be_column: bool = True) -> None:
        """Takes a named array as what its shape makes it; what it can be neither is said in `left_out`."""
        problem = refusal(array.dtype)
        if array.ndim == 1 and may_be_column and (not problem or array.dtype.kind in "US"):
            self.columns[name] = array if array.dtype.kind != "V" else converted(array[:, None])[:, 0]
        elif problem:
            self.left_out.append(f"{name} holds {problem}; wanted real numbers")
        elif array.ndim != 2:
            self.left_out.append(f"{name} has shape {list(array.shape)}; wanted {wanted_shape(array.shape)}")
        elif 0 in array.shape[1:]:
            self.left_out.append(f"{name} has shape {list(array.shape)}: points without a number")
        else:
            shape = (int(array.shape[0]), int(array.shape[1]))
            self.matrices[name] = Matrix(shape, lambda: converted(array))


def wanted_shape(shape: Sequence[int]) -> str:
    """What to do with an array that is no matrix."""
    if len(shape) > 2:
        return f"N×D (flatten each point's features: array.reshape({shape[0]}, -1))"
    return "N×D, a row of numbers for each point"


def refusal(dtype: np.dtype[Any]) -> str:
    """What an array's numbers are if they cannot be coordinates; empty if they can."""
    if dtype.kind in "biuf" or dtype == np.dtype("V2"):
        return ""
    words = {
        "O": "Python objects, which would have to be unpickled (a pickle can run any program)",
        "c": "complex numbers",
        "U": "texts",
        "S": "texts",
        "M": "times",
        "m": "durations",
    }
    if dtype.names:
        return f"records ({', '.join(dtype.names[:4])}…)"
    return words.get(dtype.kind, f"values of {dtype.itemsize} bytes that say no type")


def converted(array: NDArray[Any]) -> Floats:
    """N×D numbers as C-contiguous float32, without a copy where they are that; else one, block by block.

    Two bytes of no type are bfloat16: so NumPy saves what JAX and ml_dtypes hold. What is beyond float32's
    range becomes infinite.
    """
    if array.dtype == np.dtype("<f4") and array.flags.c_contiguous and array.flags.aligned:
        return array
    out = np.empty(array.shape, np.float32)
    step = max(1, _BLOCK_VALUES // max(1, array.shape[1]))
    with np.errstate(over="ignore"):
        for start in range(0, len(array), step):
            block = array[start : start + step]
            out[start : start + step] = widened(block) if block.dtype.kind == "V" else block
    return out


def widened(bfloat16: NDArray[Any]) -> Floats:
    """bfloat16, the upper half of a float32."""
    bits = np.ascontiguousarray(bfloat16).view("<u2").astype(np.uint32) << 16
    return bits.view(np.float32)
