"""Functions that torch.compile calls and does not compile: a log call breaks the graph, and runs as written.

Two things are needed, and neither imports torch. Dynamo reads `_torchdynamo_disable` of a function that it is
about to trace: that breaks the graph. And it looks at every frame that runs below compiled code: the code of
the marked functions is given the strategy "skip it and all that it calls", as `torch.compiler.disable` does,
whose wrapper would cost the training loop more than the log call itself.

Source: torch/_dynamo/decorators.py (disable), torch/_dynamo/eval_frame.py (skip_code), torch 2.13.0
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any, TypeVar

Target = TypeVar("Target", bound=Callable[..., Any])

_codes: list[CodeType] = []
"""Of the marked functions."""
_told = 0
"""How many of those torch knows of."""


class _Mark:
    """True. Dynamo asks before any marked frame runs below compiled code, also where torch was imported after
    the writer was made.
    """

    def __bool__(self) -> bool:
        skip_frames()
        return True


_MARK = _Mark()

_SHARED = contextlib.contextmanager.__code__.co_filename
"""Whose code every context manager runs."""


def untraced(target: Target) -> Target:
    """A decorator: torch.compile does not look into the function, or into the methods and properties that a
    class defines.
    """
    for member in vars(target).values() if isinstance(target, type) else [target]:
        for function in _functions(member):
            function._torchdynamo_disable = _MARK
            function._torchdynamo_disable_msg = "it logs, which is no part of a graph"
            _codes.append(function.__code__)
    return target


def skip_frames() -> None:
    """Tells torch, if it is there, of what is marked."""
    global _told
    count = len(_codes)
    if _told == count or "torch" not in sys.modules:
        return
    frames: Any = sys.modules.get("torch._C._dynamo.eval_frame")
    try:
        skip = frames._FrameAction.SKIP
        strategy = frames._FrameExecStrategy(skip, skip)
        for code in _codes[_told:count]:
            frames.set_code_exec_strategy(code, strategy)
    except AttributeError:  # another torch, or one that is still being imported
        return
    _told = count


def _functions(member: Any) -> list[Any]:
    """The functions that a function, method or property consists of."""
    if isinstance(member, property):
        members = [member.fget, member.fset, member.fdel]
    else:
        members = [getattr(member, "__func__", member)]  # of a classmethod or staticmethod
    return [found for found in members if inspect.isfunction(found) and found.__code__.co_filename != _SHARED]
