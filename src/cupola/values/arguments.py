"""Arguments that many calls have: tags, steps, wall times, dicts by name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from cupola.errors import WrongType, WrongValue


def check_tag(tag: object) -> str:
    """The tag.

    Raises:
        WrongType: it is no string.
    """
    if not isinstance(tag, str):
        raise WrongType(f"tag is {describe_type(tag)} ({tag!r:.60}); wanted a string")
    return tag


def check_mapping(value: object, name: str) -> Mapping[str, Any]:
    """The dict.

    Args:
        value: what a user handed over.
        name: of the argument, for messages.

    Raises:
        WrongType: it is no mapping, or has keys that are no strings.
    """
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise WrongType(f"{name} is {value!r:.80}; wanted a dict with strings as keys")
    return value


def as_step(global_step: Any) -> int:
    """The step as an int64; None is 0, fractions are cut off, and what `int` takes is taken (NumPy,
    tensors, `'7'`).

    Raises:
        WrongType: no number.
        WrongValue: beyond 64 bits, or not finite.
    """
    if global_step is None:
        return 0
    try:
        step = int(global_step)
    except OverflowError:
        raise WrongValue(f"global_step is {global_step!r:.60}; wanted a finite number") from None
    except (TypeError, ValueError, RuntimeError) as error:
        seen = f"{global_step!r:.60} of type {type(global_step).__qualname__}"
        raise WrongType(f"global_step is {seen}; wanted a whole number or None") from error
    if not -(2**63) <= step < 2**63:
        seen = str(step) if step.bit_length() <= 128 else f"an integer of {step.bit_length()} bits"
        raise WrongValue(f"global_step is {seen}; wanted a number of 64 bits")
    return step


def as_wall_time(walltime: Any) -> float:
    """Seconds since 1970 UTC; None is now.

    Raises:
        WrongType: no number.
    """
    if walltime is None:
        return time.time()
    try:
        return float(walltime)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        seen = f"{walltime!r:.60} of type {type(walltime).__qualname__}"
        raise WrongType(f"walltime is {seen}; wanted seconds since 1970 as a number, or None") from error


def describe_type(value: object) -> str:
    """A value's type, as messages name it: `of type list`, or `None`."""
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return "None" if value is None else f"of type {name}"
