"""Numbers to bytes.

A scalar without extras is a `simple_value` (float32), which the native codec writes without coming here.
`new_style` gives a tensor of plugin `scalars`; display name and description go into metadata.

Source: torch/utils/tensorboard/summary.py, scalar (torch 2.13.0); tensorboardX/summary.py, scalar (2.6.5);
    tensorboard/plugins/scalar/metadata.py (tensorboard 2.21.0)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.events import event, tensor
from cupola.values import device, torch_tensors
from cupola.values.arrays import as_number, on_device

NAME = "scalars"


def as_float_or_none(value: Any) -> float | None:
    """The value as a float if that takes no time and raises nothing: a NumPy number, or a CPU tensor of one
    real element. None for anything else.
    """
    kind = type(value)
    read = _readers.get(kind) or _reader_of(kind)
    return None if read is None else read(value)


_readers: dict[type, Callable[[Any], float | None]] = {}
"""By type, of those that were seen."""


def _reader_of(kind: type) -> Callable[[Any], float | None] | None:
    if issubclass(kind, np.floating | np.integer):
        read: Callable[[Any], float | None] = float
    elif kind is getattr(sys.modules.get("torch"), "Tensor", None) or kind.__module__ == "torch.nn.parameter":
        # Other subclasses may hold their numbers elsewhere: on other ranks, under a mask, nowhere.
        read = _read_tensor
    else:
        return None
    if kind.__module__ in _KEPT:
        _readers[kind] = read
    return read


_KEPT: Final = frozenset({"numpy", "torch", "torch.nn.parameter"})
"""Whose types live as long as the process."""


def _read_tensor(tensor: Any) -> float | None:
    try:
        if tensor.is_cpu and not torch_tensors.is_traced():
            item = tensor.item()  # unlike float(), without a warning if it requires a gradient
            return item if type(item) is float else None if isinstance(item, complex) else float(item)
    except Exception:  # whatever the transform or mode around it raises
        return None
    return None


def start_copy(value: Any, name: str = "scalar_value") -> Callable[[], float] | None:
    """Starts to copy the number of a tensor on an accelerator to the host. The function that comes back waits
    for the copy and returns the number; None if the value is on the host already.

    Raises:
        WrongType, WrongValue: no single real number.
    """
    tensor = on_device(value, name)
    if tensor is None:
        return None
    if tensor.numel() != 1:
        shape = tuple(tensor.shape)
        raise WrongValue(f"{name} has shape {shape}; wanted one number: reduce it, for example by .mean()")
    if tensor.is_complex():
        raise WrongType(f"{name} is complex; wanted a real number: use .real or abs()")
    return device.start_copy_of_number(tensor)


def as_float(value: Any, name: str = "scalar_value") -> float:
    """The value as a float: a Python or NumPy number, a string that is one, or an array or tensor of one
    element.

    A tensor on an accelerator is waited for; see `start_copy`.

    Raises:
        WrongType: nothing numeric, or complex.
        WrongValue: more than one element, or none.
    """
    quick = value if type(value) is float else as_float_or_none(value)
    if quick is not None:
        return quick
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise WrongType(
                f"{name} is the string {value!r:.60}; wanted a number: use add_text for texts"
            ) from None
    return as_number(value, name)


class ScalarStyle(NamedTuple):
    """How a number stands in the file. The default is a `simple_value` without metadata."""

    as_tensor: bool = False
    """A tensor of plugin `scalars` instead of a `simple_value`."""
    double_precision: bool = False
    """All of a float64 is kept; only a tensor can, so it implies `as_tensor`."""
    display_name: str = ""
    """A title other than the tag."""
    description: str = ""
    """Markdown."""


PLAIN: Final = ScalarStyle()


def scalar(tag: str, number: float, style: ScalarStyle = PLAIN) -> bytes:
    """An encoded `Summary.Value`."""
    named = (style.display_name, style.description)
    metadata = event.SummaryMetadata(NAME, b"", *named, event.DATA_CLASS_SCALAR)
    if style.as_tensor or style.double_precision:
        dtype = np.float64 if style.double_precision else np.float32
        with np.errstate(over="ignore"):
            array = np.asarray(number).astype(dtype)
        return event.encode_value(tag, event.TENSOR, tensor.encode_list(array), metadata)
    return event.encode_value(tag, event.SIMPLE_VALUE, _as_float32(number), metadata if any(named) else None)


def _as_float32(number: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(number))
