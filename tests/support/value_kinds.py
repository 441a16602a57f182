"""One array as every kind of value that holds it: of Python, NumPy, torch, pandas, Pillow, and what stands
for other libraries by doing what they do.
"""

from __future__ import annotations

import array
import warnings
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pandas
import torch
from PIL import Image

Array: TypeAlias = "np.ndarray[Any, Any]"


class Holder:
    """The base of what stands for other libraries."""

    def __init__(self, held: Array) -> None:
        self.held = np.ascontiguousarray(held)


class LikeJax(Holder):
    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        return self.held


class LikeDlpack(Holder):
    def __dlpack__(self, **options: Any) -> Any:
        return self.held.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.held.__dlpack_device__()


class LikeCupy(Holder):
    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Use .get()")

    def get(self) -> Array:
        return self.held


class LikeMxnet(Holder):
    def asnumpy(self) -> Array:
        return self.held


class LikePaddle(Holder):
    def numpy(self) -> Array:
        return self.held


class Overriding(torch.Tensor):
    """A subclass that cannot stand being looked at by torch's functions."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__name__", "") == "numpy":
            raise TypeError("not with me")
        return super().__torch_function__(func, types, args, kwargs or {})


def _strided(held: Array) -> Array:
    return np.repeat(held, 2, axis=-1)[..., ::2]


def _read_only(held: Array) -> Array:
    copied = held.copy()
    copied.flags.writeable = False
    return copied


def _objects(held: Array) -> Array:
    made = np.empty(held.shape, object)
    for index in np.ndindex(held.shape):
        made[index] = held[index].item()
    return made


def _tensor(held: Array) -> torch.Tensor:
    return torch.from_numpy(held.copy())


def _floats(make: Callable[[torch.Tensor], Any]) -> Callable[[Array], Any]:
    """Of a kind that only floats have."""
    return lambda held: make(_tensor(held)) if held.dtype.kind == "f" else None


def _inference(held: Array) -> Any:
    with torch.inference_mode():
        return _tensor(held).clone()


def _negative_view(tensor: torch.Tensor) -> Any:
    return torch.complex(torch.zeros_like(tensor), -tensor).conj().imag


def _masked_tensor(held: Array) -> Any:
    if held.dtype == np.uint8:
        return None  # torch does not have them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensor = _tensor(held)
        return torch.masked.masked_tensor(tensor, torch.ones_like(tensor, dtype=torch.bool))


def _axes(*wanted: int) -> Callable[[Callable[[Array], Any]], Callable[[Array], Any]]:
    """Of a kind that only arrays with so many axes have."""
    return lambda make: lambda held: make(held) if held.ndim in wanted else None


def _exact(kind: Callable[[Any], Any]) -> Callable[[Array], Any]:
    return _axes(0)(lambda held: kind(held.item()))


def _nullable(held: Array) -> Any:
    return pandas.Series(held).convert_dtypes() if held.ndim == 1 and held.dtype.kind in "fiu" else None


def _picture(held: Array) -> Any:
    """Of a height x width x 3 array."""
    return Image.fromarray(held) if held.dtype == np.uint8 and held.ndim == 3 and held.shape[2] == 3 else None


KINDS: dict[str, Callable[[Array], Any]] = {
    "list": lambda held: held.tolist(),
    "tuple": lambda held: tuple(held.tolist()) if held.ndim else held.item(),
    "NumPy scalar": _axes(0)(lambda held: held[()]),
    "list of arrays": _axes(1, 2, 3, 4, 5)(list),
    "Fortran order": np.asfortranarray,
    "strides": _axes(1, 2, 3, 4, 5)(_strided),
    "read-only": _read_only,
    "byte order": lambda held: held.astype(held.dtype.newbyteorder(">")),
    "objects": _objects,
    "strings": lambda held: held.astype(str) if held.dtype.kind == "i" else None,
    "nothing masked": lambda held: np.ma.masked_array(held, mask=False),
    "memoryview": _axes(1, 2, 3, 4, 5)(lambda held: np.ascontiguousarray(held).data),
    "array.array": _axes(1)(lambda held: array.array("d", held.tolist()) if held.dtype == float else None),
    "Decimal": _exact(lambda number: Decimal(str(number))),
    "Fraction": _exact(Fraction),
    "tensor": _tensor,
    "tensor with strides": lambda held: torch.from_numpy(np.asfortranarray(held)),
    "tensor with gradient": _floats(lambda tensor: tensor.requires_grad_()),
    "result with gradient": _floats(lambda tensor: tensor.requires_grad_() * 1),
    "Parameter": _floats(torch.nn.Parameter),
    "Buffer": lambda held: torch.nn.Buffer(_tensor(held)),
    "inference tensor": _inference,
    "negative view": _floats(_negative_view),
    "subclass": lambda held: _tensor(held).as_subclass(Overriding),
    "MaskedTensor": _masked_tensor,
    "list of tensors": _axes(1, 2, 3, 4, 5)(lambda held: list(_tensor(held))),
    "JAX": LikeJax,
    "DLPack": LikeDlpack,
    "CuPy": LikeCupy,
    "MXNet": LikeMxnet,
    "Paddle": LikePaddle,
    "Series": _axes(1)(pandas.Series),
    "Series with NA's dtype": _nullable,
    "DataFrame": _axes(2)(pandas.DataFrame),
    "generator": _axes(1, 2, 3, 4, 5)(lambda held: (row for row in held)),
    "deque": _axes(1, 2, 3, 4, 5)(deque),
    "values of a dict": _axes(1, 2, 3, 4, 5)(lambda held: dict(enumerate(held)).values()),
    "picture": _picture,
    "list of pictures": lambda held: (
        list(map(_picture, held)) if held.shape[-1:] == (3,) and held.ndim == 4 else None
    ),
}
"""Kind to what makes a value of it, or None where there is none such."""
