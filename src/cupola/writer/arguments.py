"""The arguments that every call has: steps, wall times, sizes of what waits."""

from __future__ import annotations

import re
import time
from typing import Any

from cupola.errors import WrongType, WrongValue


def is_remote(log_dir: Any) -> bool:
    """Whether a log directory is a URL (`s3://bucket/run`)."""
    return isinstance(log_dir, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", log_dir) is not None


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
        raise WrongValue(f"global_step is {step:.3e}; wanted a number of 64 bits")
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


def size_of(later: Any, depth: int = 3) -> int:
    """About how many bytes a `Later` holds: its `nbytes`, or those of what its partial or closure refers
    to.
    """
    nbytes = getattr(later, "nbytes", None)
    if isinstance(nbytes, int):
        return nbytes
    if isinstance(later, (bytes, bytearray, str)):
        return len(later)
    if depth == 0:
        return 0
    if isinstance(later, (list, tuple)):
        inner: Any = later
    elif isinstance(later, dict):
        inner = later.values()
    elif callable(later):
        cells = getattr(later, "__closure__", None) or ()
        inner = [*getattr(later, "args", ()), *(getattr(later, "keywords", None) or {}).values()]
        inner += [cell.cell_contents for cell in cells]
    else:
        return 0
    return sum(size_of(item, depth - 1) for item in inner)
