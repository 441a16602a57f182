"""Values as users hand them over: numbers, NumPy, torch, JAX, CuPy, pandas, Pillow, lists. None of those
libraries is imported here.

Masked elements (of `numpy.ma` and `torch.masked`, and NA among objects) are no numbers: they become NaN, or
are left out, as the caller says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.values import device, foreign, pictures, torch_tensors
from cupola.values.describe import describe_type, reason

Array: TypeAlias = "NDArray[Any]"

WANTED = "a number, a NumPy array, a torch tensor, a list of these, or an array with __array__ or __dlpack__"

NAN = float("nan")

_MAX_DEPTH = 64
"""As many axes as NumPy has."""

_SMALL = ("bfloat16", "float8_", "float6_", "float4_", "int4", "uint4", "int2", "uint2")
"""Names of the dtypes of ml_dtypes, as JAX uses them."""

_DTYPE_REMEDIES = {
    "V": ": log one field of it, array['name']",
    "m": ": use .astype('m8[s]').astype(float)",
    "M": ": use .astype('M8[s]').astype(float)",
}
"""Kinds of dtypes, and how numbers come out of them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A value as it was at the call. Its array may still be on its way from a device; shape and dtype are
    known at once.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    array: Callable[[], Array]
    """The values, belonging to nobody else; waits for the copy if it must."""
    masked: int = 0
    """How many elements were left out because they are masked."""

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes that the array takes."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize


def make_np(value: Any, name: str = "value", masked: float = NAN) -> Array:
    """The value as a NumPy array, sharing its memory where it can; a Python or NumPy scalar becomes
    0-dimensional.

    bfloat16 and float8 become float32, which holds each of their values exactly.

    Args:
        value: what a user handed over.
        name: of the argument, for messages.
        masked: what stands for masked elements; integers become float64 if it is NaN.

    Raises:
        WrongType: nothing numeric, or a tensor without plain numbers: sparse, quantized, nested, on the meta
            device, fake, or in parts on other ranks.
        WrongValue: items of different shapes, or an integer that no float64 holds.
    """
    array = _array(value, name)
    return _filled(array, masked) if is_masked(array) else array


def snapshot(value: Any, name: str = "value", masked: float | None = NAN) -> Snapshot:
    """A copy of the value: changing the original in place afterwards changes nothing. An accelerator is not
    waited for.

    Args:
        value: what `make_np` takes.
        name: of the argument, for messages.
        masked: what stands for masked elements; None leaves them out, and what is left has one axis.

    Raises:
        WrongType, WrongValue: see `make_np`.
    """
    if (tensor := on_device(value, name)) is not None:
        return Snapshot(tuple(tensor.shape), device.numpy_dtype(tensor), device.start_copy(tensor))
    taken, left_out = _array(value, name), 0
    if is_masked(taken):
        if masked is None and (left_out := int(np.ma.getmaskarray(taken).sum())):
            taken = np.asarray(taken[~np.ma.getmaskarray(taken)])
        else:
            taken = _filled(taken, NAN if masked is None else masked)
    array = taken.copy(order="K")
    return Snapshot(array.shape, array.dtype, lambda: array, left_out)


def on_device(value: Any, name: str = "value") -> Any:
    """The value as a torch tensor of a dtype that NumPy has, if it is a torch tensor on an accelerator; None
    if it is not.

    Raises:
        WrongType: see `make_np`.
    """
    if not torch_tensors.is_tensor(value) or value.device.type == "cpu":
        return None
    torch_tensors.refuse_captured(value, name)
    tensor, mask = torch_tensors.split_mask(value)
    return torch_tensors.plain(tensor, name) if mask is None else None


def as_item(value: Any, name: str = "value") -> Any:
    """One number as Python's, integers exactly: of Python or NumPy, or an array or tensor of one element,
    which is waited for.

    Raises:
        WrongType: nothing numeric.
        WrongValue: more than one element, or none.
    """
    array = make_np(value, name)
    if array.size != 1:
        raise WrongValue(
            f"{name} has shape {array.shape}; wanted one number: reduce it, for example by .mean()"
        )
    return array.item()


def as_number(value: Any, name: str = "value") -> float:
    """One real number; see `as_item`.

    Raises:
        WrongType: nothing numeric, or complex.
        WrongValue: more than one element, or none.
    """
    item = as_item(value, name)
    if isinstance(item, (complex, np.complexfloating)):
        raise WrongType(f"{name} is complex; wanted a real number: use .real or abs()")
    return float(item)


def _array(value: Any, name: str) -> Array:
    """The value as numbers in the machine's byte order; a `MaskedArray` if it has a mask."""
    if isinstance(value, np.ndarray):
        return _numeric(value if is_masked(value) else np.asarray(value), name)
    if isinstance(value, (int, float, complex, np.generic)):
        return _number(value, name)
    if torch_tensors.is_tensor(value):
        return _torch(value, name)
    if isinstance(value, (list, tuple)):
        return _sequence(value, name)
    try:
        return _foreign(value, name)
    except (WrongType, WrongValue):
        raise
    except Exception as error:  # whatever its class raises when it is looked at
        raise WrongType(f"{name} is {describe_type(value)} ({reason(error)}); wanted {WANTED}") from error


def _foreign(value: Any, name: str) -> Array:
    if pictures.is_picture(value):
        return pictures.pixels(value)
    if (array := foreign.as_array(value, name)) is not None:
        return _numeric(array, name)
    if (items := foreign.as_items(value)) is not None:
        return _sequence(items, name)
    raise WrongType(f"{name} is {describe_type(value)}; wanted {WANTED}{foreign.remedy(value)}")


def _torch(value: Any, name: str) -> Array:
    tensor, mask = torch_tensors.split_mask(value)
    array = torch_tensors.to_numpy(torch_tensors.plain(tensor, name), name)
    return array if mask is None else np.ma.MaskedArray(array, torch_tensors.to_numpy(mask, name))


def _number(value: complex | np.generic, name: str) -> Array:
    array = np.asarray(value)
    if array.dtype.kind == "O":  # an int beyond 64 bits
        try:
            return np.asarray(float(value))  # type: ignore[arg-type]
        except OverflowError:
            seen = f"an integer of {value.bit_length()} bits"  # type: ignore[union-attr]
            raise WrongValue(f"{name} is {seen}; wanted one that a float64 holds") from None
    return _numeric(array, name)


def _sequence(values: Sequence[Any], name: str) -> Array:
    plain = (int, float, complex, np.generic)
    if name.count("[") > _MAX_DEPTH:
        outer = name.partition("[")[0]
        raise WrongType(f"{outer} holds lists in lists, {_MAX_DEPTH} deep and more; wanted numbers")
    parts = [
        item if isinstance(item, plain) else _array(item, f"{name}[{index}]")
        for index, item in enumerate(values)
    ]
    try:
        if any(map(is_masked, parts)):
            masks = np.array([np.ma.getmaskarray(part) for part in parts])
            return np.ma.MaskedArray(np.array([np.ma.getdata(part) for part in parts]), masks)
        return _numeric(np.array(parts), name)
    except ValueError:
        shapes = sorted({np.shape(part) for part in parts})
        seen = ", ".join(map(str, shapes[:4]))
        raise WrongValue(
            f"{name} holds items of different shapes ({seen}); wanted items of one shape"
        ) from None


def _numeric(array: Array, name: str) -> Array:
    # NumPy imports something for a name, which at the end of the interpreter nobody can any more.
    if array.dtype.isbuiltin != 1 and array.dtype.name.startswith(_SMALL):
        return array.astype(np.float32)
    kind = array.dtype.kind
    if kind in "biufc":
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind == "O":
        return _objects(array, name)
    if kind in "US":
        try:
            return array.astype(np.float64)
        except ValueError as error:
            raise WrongType(f"{name} has dtype {array.dtype} ({reason(error)}); wanted numbers") from error
    raise WrongType(f"{name} has dtype {array.dtype}; wanted numbers{_DTYPE_REMEDIES.get(kind, '')}")


def _objects(array: Array, name: str) -> Array:
    """Numbers of an array of objects, each of which may be of any kind that `make_np` takes."""
    missing = _missing()
    items = array.ravel().tolist() if array.ndim else [array.item()]
    mask = np.ma.getmaskarray(array).ravel() | [missing is not None and item is missing for item in items]
    for index, item in enumerate(items):
        if item is None and not mask[index]:
            raise WrongType(f"{name} has dtype object and None in it, at {index}; wanted numbers")
    numbers = _sequence([0.0 if masked else item for item, masked in zip(items, mask, strict=True)], name)
    inner = numbers.shape[1:]
    numbers = numbers.reshape(array.shape + inner)
    if not mask.any():
        return numbers
    return np.ma.MaskedArray(numbers, np.broadcast_to(mask.reshape(array.shape), numbers.shape))


def _missing() -> Any:
    """pandas' NA, which stands for what is missing; None without pandas."""
    return getattr(sys.modules.get("pandas"), "NA", None)


def is_masked(value: Any) -> bool:
    """Whether it is one of NumPy's masked arrays, masked or not."""
    # numpy.ma is as heavy as the rest of NumPy, and seldom used; another thread may be importing it.
    return isinstance(value, getattr(sys.modules.get("numpy.ma"), "MaskedArray", ()))


def _filled(array: Any, masked: float) -> Array:
    """A masked array's numbers, with others in the places of what is masked."""
    if not np.ma.is_masked(array):
        return np.asarray(array.data)
    if np.isnan(masked) and array.dtype.kind not in "fc":
        array = array.astype(np.float64)
    return np.asarray(array.filled(masked))
