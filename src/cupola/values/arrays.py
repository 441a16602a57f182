"""Values as users hand them over: numbers, NumPy, torch, JAX, CuPy, lists. None of those libraries is
imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.values import device
from cupola.values.arguments import describe_type

Array: TypeAlias = "NDArray[Any]"

WANTED = "a number, a NumPy array, a torch tensor, a list of these, or an array with __array__ or __dlpack__"

_SMALL = ("bfloat16", "float8_", "float6_", "float4_", "int4", "uint4", "int2", "uint2")
"""Names of the dtypes of ml_dtypes, as JAX uses them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A value as it was at the call. Its array may still be on its way from a device; shape and dtype are
    known at once.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    array: Callable[[], Array]
    """The values, belonging to nobody else; waits for the copy if it must."""

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize


def make_np(value: Any, name: str = "value") -> Array:
    """The value as a NumPy array, sharing its memory where it can; a Python or NumPy scalar becomes
    0-dimensional.

    bfloat16 and float8 become float32, which holds each of their values exactly.

    Args:
        value: what a user handed over.
        name: of the argument, for messages.

    Raises:
        WrongType: nothing numeric, or a tensor without plain numbers: sparse, quantized, nested or on the
            meta device.
    """
    if isinstance(value, np.ndarray):
        return _numeric(np.asarray(value), name)
    if isinstance(value, (int, float, complex, np.generic)):
        return _number(value, name)
    if _is_torch(value):
        return np.asarray(_torch(value, name).numpy(force=True))
    if isinstance(value, (list, tuple)):
        return _sequence(value, name)
    return _foreign(value, name)


def snapshot(value: Any, name: str = "value") -> Snapshot:
    """A copy of the value: changing the original in place afterwards changes nothing. An accelerator is not
    waited for.

    Args:
        value: what `make_np` takes.
        name: of the argument, for messages.

    Raises:
        WrongType: see `make_np`.
    """
    if (tensor := on_device(value, name)) is not None:
        return Snapshot(tuple(tensor.shape), device.numpy_dtype(tensor), device.start_copy(tensor))
    array = make_np(value, name).copy(order="K")
    return Snapshot(array.shape, array.dtype, lambda: array)


def on_device(value: Any, name: str = "value") -> Any:
    """The value as a torch tensor of a dtype that NumPy has, if it is a torch tensor on an accelerator; None
    if it is not.

    Raises:
        WrongType: see `make_np`.
    """
    if not _is_torch(value) or value.device.type == "cpu":
        return None
    return _torch(value, name)


def _is_torch(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, getattr(torch, "Tensor", ()))


def _torch(tensor: Any, name: str) -> Any:
    """The tensor, of a dtype that NumPy has; on its own device."""
    if tensor.is_sparse or "strided" not in str(tensor.layout):
        raise WrongType(f"{name} is a sparse tensor ({tensor.layout}); wanted a dense one: use .to_dense()")
    if tensor.is_quantized:
        raise WrongType(
            f"{name} is a quantized tensor ({tensor.dtype}); wanted plain numbers: use .dequantize()"
        )
    if tensor.is_nested:
        raise WrongType(f"{name} is a nested tensor; wanted one with a shape: use .to_padded_tensor(0)")
    if tensor.device.type == "meta":
        raise WrongType(f"{name} is on the meta device and has no values; wanted a tensor with data")
    dtype = str(tensor.dtype)
    if dtype.startswith(("torch.bfloat16", "torch.float8", "torch.complex32", "torch.float4")):
        torch = sys.modules["torch"]
        wide = torch.complex64 if tensor.is_complex() else torch.float32
        try:
            return tensor.detach().to(wide)
        except (RuntimeError, TypeError) as error:
            raise WrongType(
                f"{name} has dtype {dtype}, which torch cannot convert to {wide}: {error}"
            ) from error
    return tensor


def _number(value: complex | np.generic, name: str) -> Array:
    array = np.asarray(value)
    if array.dtype.kind == "O":  # an int beyond 64 bits
        try:
            return np.asarray(float(value))  # type: ignore[arg-type]
        except OverflowError:
            raise WrongValue(
                f"{name} is an integer of {len(str(value))} digits; wanted one that a float64 holds"
            ) from None
    return _numeric(array, name)


def _sequence(values: list[Any] | tuple[Any, ...], name: str) -> Array:
    plain = (int, float, complex, np.generic)
    parts = [
        item if isinstance(item, plain) else make_np(item, f"{name}[{index}]")
        for index, item in enumerate(values)
    ]
    try:
        return _numeric(np.array(parts), name)
    except ValueError:
        shapes = sorted({np.shape(part) for part in parts})
        seen = ", ".join(map(str, shapes[:4]))
        raise WrongValue(
            f"{name} holds items of different shapes ({seen}); wanted items of one shape"
        ) from None


def _foreign(value: Any, name: str) -> Array:
    """Arrays of libraries that are not known by name: JAX, CuPy, Paddle, MXNet, TensorFlow ..."""
    for convert in (_by_array, _by_dlpack, _by_method):
        try:
            array = convert(value)
        except Exception as error:  # whatever a foreign library raises
            raise WrongType(
                f"{name} is {describe_type(value)}, which gives no NumPy array: {error}"
            ) from error
        if array is not None:
            return _numeric(array, name)
    raise WrongType(f"{name} is {describe_type(value)}; wanted {WANTED}")


def _by_array(value: Any) -> Array | None:
    if not hasattr(value, "__array__"):
        return None
    try:
        return np.asarray(value)
    except TypeError:  # CuPy refuses a silent copy from the device and wants to be asked
        if hasattr(value, "get"):
            return np.asarray(value.get())
        raise


def _by_dlpack(value: Any) -> Array | None:
    return np.asarray(np.from_dlpack(value)) if hasattr(value, "__dlpack__") else None


def _by_method(value: Any) -> Array | None:
    return np.asarray(value.asnumpy()) if hasattr(value, "asnumpy") else None


def _numeric(array: Array, name: str) -> Array:
    if array.dtype.name.startswith(_SMALL):
        return array.astype(np.float32)
    if array.dtype.kind in "biufc":
        return array
    raise WrongType(f"{name} has dtype {array.dtype}; wanted numbers")
