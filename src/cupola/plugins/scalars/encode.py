"""Numbers to bytes.

A scalar without extras is a `simple_value` (float32), which the native codec writes without coming here.
`new_style` gives a tensor of plugin `scalars`; display name and description go into metadata.

Source: torch/utils/tensorboard/summary.py, scalar (torch 2.13.0); tensorboardX/summary.py, scalar (2.6.5);
    tensorboard/plugins/scalar/metadata.py (tensorboard 2.21.0)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from cupola.errors import WrongType, WrongValue
from cupola.events import event, tensor
from cupola.values import device
from cupola.values.arrays import make_np, on_device

NAME = "scalars"


def at_hand(value: Any) -> float | None:
    """The value as a float if that takes no time and raises nothing: a NumPy number, or a CPU tensor of one
    real element. None else.
    """
    if isinstance(value, np.floating | np.integer):
        return float(value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor) and value.is_cpu:
        try:
            item = value.item()  # unlike float(), without a warning if it requires a gradient
        except (RuntimeError, NotImplementedError):
            return None
        return None if isinstance(item, complex) else float(item)
    return None


def begin_copy(value: Any, name: str = "scalar_value") -> Callable[[], float] | None:
    """Of a tensor on an accelerator: starts to bring its number here, and gives what waits for it. None else.

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
    arrived = device.begin_copy(tensor)
    return lambda: float(arrived().reshape(()))


def number(value: Any, name: str = "scalar_value") -> float:
    """The value as a float: a Python or NumPy number, a string that is one, or an array or tensor of one
    element.

    A tensor on an accelerator is waited for; see `begin_copy`.

    Raises:
        WrongType: nothing numeric, or complex.
        WrongValue: more than one element, or none.
    """
    quick = value if type(value) is float else at_hand(value)
    if quick is not None:
        return quick
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise WrongType(
                f"{name} is the string {value!r:.60}; wanted a number: use add_text for texts"
            ) from None
    array = make_np(value, name)
    if array.size != 1:
        raise WrongValue(
            f"{name} has shape {array.shape}; wanted one number: reduce it, for example by .mean()"
        )
    if array.dtype.kind == "c":
        raise WrongType(f"{name} is complex; wanted a real number: use .real or abs()")
    return float(array.reshape(()))


def scalar(
    tag: str,
    value: float,
    new_style: bool = False,
    double_precision: bool = False,
    display_name: str = "",
    description: str = "",
) -> bytes:
    """An encoded `Summary.Value`.

    Args:
        tag: name of the series.
        value: the number.
        new_style: as a tensor of plugin `scalars` instead of a `simple_value`.
        double_precision: keep all of a float64; only a tensor can, so it implies `new_style`.
        display_name: a title other than the tag.
        description: Markdown.
    """
    metadata = event.SummaryMetadata(NAME, b"", display_name, description, event.DATA_CLASS_SCALAR)
    if new_style or double_precision:
        dtype = np.float64 if double_precision else np.float32
        with np.errstate(over="ignore"):
            array = np.asarray(value).astype(dtype)
        return event.encode_value(tag, event.TENSOR, tensor.encode_list(array), metadata)
    plain = not display_name and not description
    return event.encode_value(tag, event.SIMPLE_VALUE, _single(value), None if plain else metadata)


def _single(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(value))
