"""Hyperparameters of every kind as what the format knows: strings, booleans and floats."""

from __future__ import annotations

import enum
import numbers
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.values.arguments import as_text
from cupola.values.arrays import make_np
from cupola.values.describe import describe_type

Plain: TypeAlias = "str | bool | float"

MAX_ITEMS: Final = 1000
"""Elements of an array that are written out; of larger ones only shape and dtype are kept."""


def plain(value: Any) -> Plain:
    """A hyperparameter as a string, a boolean or a float. Never raises: a run that has just ended would be
    the one to suffer.

    Numbers of every library are floats, and so is an array of one element. A member of an enumeration is its
    value, a function or class its name. Lists, dicts and arrays of more elements are text, and everything
    else is what `str()` says.
    """
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        return as_text(value)
    if callable(value):
        return as_text(getattr(value, "__name__", value))
    try:
        number = _number(value)
        return as_text(_readable(value)) if number is None else number
    except Exception:  # whatever the user's own class raises when it is looked at
        return as_text(value)


def _number(value: Any) -> bool | float | None:
    """The one real number that a value is; None if it is something else, or nothing that can be read."""
    if not isinstance(value, (numbers.Number, np.generic)) and not hasattr(value, "shape"):
        return None
    try:
        array = make_np(value)
    except (WrongType, WrongValue):
        return None
    if array.size != 1 or array.dtype.kind == "c" or _is_text(value):
        return None
    item = array.reshape(())
    return bool(item) if array.dtype.kind == "b" else float(item)


def _is_text(value: Any) -> bool:
    """Whether it is an array of strings, which may look like numbers."""
    return getattr(getattr(value, "dtype", None), "kind", "") in ("U", "S")


def _readable(value: Any) -> Any:
    """A container whose `str()` says what is in it: values of enumerations, elements of arrays."""
    if isinstance(value, enum.Enum):
        return _readable(value.value)
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, Mapping):
        return {_readable(key): _readable(item) for key, item in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_readable(item) for item in value)
    return _elements(value) if hasattr(value, "shape") and hasattr(value, "dtype") else value


def _elements(value: Any) -> Any:
    """What `str()` of a list with the same elements would be said of."""
    if _is_text(value):
        array = np.asarray(value)
    else:
        try:
            array = make_np(value)
        except (WrongType, WrongValue):
            return value
    if array.size > MAX_ITEMS:
        return f"array {describe_type(value)}, shape {array.shape}, dtype {array.dtype}"
    return array.tolist()
