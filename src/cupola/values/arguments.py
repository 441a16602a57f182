"""Arguments that many calls have: tags, texts, steps, wall times, dicts by name."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from cupola.errors import WrongType, WrongValue
from cupola.values.arrays import as_item, make_np
from cupola.values.describe import describe, describe_type, reason
from cupola.values.foreign import is_array
from cupola.values.torch_tensors import is_tensor


def plain_text(text: str) -> str:
    """The characters of a string. `str()` of a member of `class Optimizer(str, Enum)` would give its name."""
    return text if type(text) is str else str.__str__(text)


def as_text(value: Any) -> str:
    """Any value as text: of a string its characters, of an enumeration's member its value, else what `str`
    says. Never raises.
    """
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, enum.Enum):
        return as_text(value.value)
    try:
        return str(value)
    except Exception:  # whatever the user's own class raises
        return f"<{describe_type(value)}>"


def as_file_name(text: str) -> str:
    """A string as a part of a path: what no file system takes becomes `?`."""
    text = plain_text(text)
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def as_texts(values: Any, name: str) -> list[str]:
    """The texts of a list, an array, a column of a table, a generator; a string is one text.

    Args:
        values: what a user handed over.
        name: of the argument, for messages.

    Raises:
        WrongType: nothing to go through.
    """
    if isinstance(values, str):
        return [plain_text(values)]
    try:
        if is_tensor(values):
            values = make_np(values, name)
        if not isinstance(values, type) and hasattr(values, "tolist"):  # Python's numbers instead of NumPy's
            values = values.tolist()
        items = None if isinstance(values, (bytes, Mapping)) else list(values)
    except (WrongType, WrongValue):
        raise
    except Exception:  # whatever its class raises when it is looked at
        items = None
    if items is None:
        raise WrongType(f"{name} is {describe_type(values)} ({describe(values)}); wanted a list of strings")
    return [as_text(item) for item in items]


def as_count(value: Any, name: str) -> int:
    """A whole number of at least 1, of any kind of number.

    Raises:
        WrongType: no number.
        WrongValue: a fraction, or less than 1.
    """
    item = as_item(value, name)
    if isinstance(item, complex) or not item >= 1 or item % 1:
        raise WrongValue(f"{name} is {item!r}; wanted a whole number of at least 1")
    return int(item)


def check_tag(tag: object, name: str = "tag") -> str:
    """The tag, or another name that is given by the user.

    Raises:
        WrongType: it is no string.
    """
    if not isinstance(tag, str):
        raise WrongType(f"{name} is {describe_type(tag)} ({describe(tag)}); wanted a string")
    return plain_text(tag)


def check_mapping(value: object, name: str) -> Mapping[str, Any]:
    """A dict. The fields of a dataclass or of argparse's `Namespace` are one too.

    Args:
        value: what a user handed over.
        name: of the argument, for messages.

    Raises:
        WrongType: it is no mapping, or has keys that are no strings.
    """
    namespace = getattr(sys.modules.get("argparse"), "Namespace", ())
    if isinstance(value, namespace):
        value = vars(value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if not isinstance(value, Mapping):
        raise WrongType(f"{name} is {describe_type(value)} ({describe(value)}); wanted a dict")
    for key in value:
        if not isinstance(key, str):
            raise WrongType(
                f"{name} has the key {describe(key)} {describe_type(key)}; wanted strings as keys"
            )
    return {plain_text(key): item for key, item in value.items()}


def as_step(global_step: Any) -> int:
    """The step as an int64; None is 0, fractions are cut off, and what `int` takes is taken (NumPy, `'7'`),
    and arrays and tensors of one element.

    Raises:
        WrongType: no number.
        WrongValue: beyond 64 bits, or not finite.
    """
    if global_step is None:
        return 0
    try:
        step = int(_item(global_step, "global_step"))
    except OverflowError:
        raise WrongValue(f"global_step is {describe(global_step)}; wanted a finite number") from None
    except (WrongType, WrongValue):
        raise
    except Exception as error:  # whatever its class raises
        seen = f"{describe(global_step)} {describe_type(global_step)}"
        raise WrongType(f"global_step is {seen}; wanted a whole number or None") from error
    if not -(2**63) <= step < 2**63:
        seen = str(step) if step.bit_length() <= 128 else f"an integer of {step.bit_length()} bits"
        raise WrongValue(f"global_step is {seen}; wanted a number of 64 bits")
    return step


def as_wall_time(walltime: Any) -> float:
    """Seconds since 1970 UTC; None is now, and a `datetime` without a time zone is local time.

    Raises:
        WrongType: no number.
    """
    if walltime is None:
        return time.time()
    try:
        if isinstance(walltime, datetime.datetime):
            return walltime.timestamp()
        return float(_item(walltime, "walltime"))
    except (WrongType, WrongValue):
        raise
    except Exception as error:  # whatever its class raises
        seen = f"{describe(walltime)} {describe_type(walltime)}"
        raise WrongType(
            f"walltime is {seen} ({reason(error)}); wanted seconds since 1970, a datetime, or None"
        ) from error


def _item(value: Any, name: str) -> Any:
    """The number in an array or tensor; anything else as it is."""
    if isinstance(value, (int, float, str)) or not is_array(value):
        return value
    return as_item(value, name)
