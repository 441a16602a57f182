"""Values of other libraries than NumPy and torch, known by what they can do and not by their names: JAX,
CuPy, TensorFlow, MLX, Paddle, MXNet, pandas, Polars, Arrow, SymPy. None of them is imported here.
"""

from __future__ import annotations

from collections import UserString
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cupola.errors import WrongType, WrongValue
from cupola.values.describe import describe_type, reason

REMEDIES: Final = (
    ("total_seconds", ".total_seconds()"),
    ("timestamp", ".timestamp()"),
    ("toarray", ".toarray()"),
    ("todense", ".todense()"),
    ("compute", ".compute()"),
    ("savefig", "add_figure"),
    ("values", "list(….values())"),
    ("__call__", "what it returns"),
)
"""What a value has, and what to log instead: metrics, lazy and sparse arrays, durations, dicts."""


def as_array(value: Any, name: str) -> NDArray[Any] | None:
    """The value as an array of whatever dtype it has; None if it is neither array nor number.

    Raises:
        WrongType: it is one, and its library refuses.
        WrongValue: a number that no float64 holds.
    """
    if isinstance(value, type):
        return None
    for attribute, convert in _CONVERSIONS:
        if hasattr(value, attribute):
            return _asked(value, name, lambda convert=convert: convert(value))  # type: ignore[misc]
    if hasattr(type(value), "__float__") or hasattr(type(value), "__index__"):
        return _number(value, name)
    if isinstance(value, memoryview) or type(value).__module__ == "array":
        return np.asarray(value)
    return None


def is_array(value: Any) -> bool:
    """Whether it is an array of any library: NumPy's and torch's, a picture, a column of a table."""
    if isinstance(value, type):
        return False
    try:
        return any(hasattr(value, attribute) for attribute in ("shape", *dict(_CONVERSIONS)))
    except Exception:  # whatever its class raises when it is looked at
        return True


def as_items(value: Any) -> list[Any] | None:
    """What an iterable gives: a range, a generator, a deque, a set, the views of a dict. None if it is a
    text, a dict, an array, or nothing to go through.
    """
    if is_array(value) or isinstance(value, (str, bytes, bytearray, UserString, Mapping)):
        return None
    return list(value) if isinstance(value, Iterable) and not isinstance(value, type) else None


def remedy(value: Any) -> str:
    """The end of a message about a value that is no array: what to log instead, if anything of it tells."""
    for attribute, advice in REMEDIES:
        if hasattr(value, attribute):
            return f": use {advice}"
    return ""


def _asked(value: Any, name: str, convert: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    try:
        array = convert()
        if array.dtype == object and array.ndim == 0:
            raise TypeError("it gives an object")  # itself: NumPy's answer to what it does not know
        return array
    except Exception as error:  # whatever a foreign library raises
        raise WrongType(
            f"{name} is {describe_type(value)}, which gives no NumPy array: {reason(error)}"
        ) from error


def _by_array(value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except Exception:
        if hasattr(value, "get"):  # CuPy refuses a silent copy from the device and wants to be asked
            return np.asarray(value.get())
        if hasattr(value, "__dlpack__"):
            return np.asarray(np.from_dlpack(value))
        raise


_CONVERSIONS: Final[tuple[tuple[str, Callable[[Any], NDArray[Any]]], ...]] = (
    ("__array__", _by_array),
    ("__array_interface__", _by_array),
    ("__dlpack__", lambda value: np.asarray(np.from_dlpack(value))),
    ("asnumpy", lambda value: np.asarray(value.asnumpy())),
    ("numpy", lambda value: np.asarray(value.numpy())),
)
"""What a value has, and how that becomes an array; the first one counts."""


def _number(value: Any, name: str) -> NDArray[Any]:
    """Decimal, Fraction, and every other number that Python can make a float of."""
    try:
        return np.asarray(float(value))
    except OverflowError:
        seen = f"{describe_type(value)} and too large"
        raise WrongValue(f"{name} is {seen}; wanted what a float64 holds") from None
    except Exception as error:
        raise WrongType(f"{name} is {describe_type(value)}, which is no number: {reason(error)}") from error
